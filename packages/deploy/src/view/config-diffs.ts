import { colourDiff, formatMessage, visibleText, type LogRecord } from "@scap/log";
import { foldHosts } from "@scap/targets";

/** Differences of configuration files as targets report them, equal ones together. */
export class ConfigDiffs {
  readonly #hostsByDiff = new Map<string, string[]>();

  /** Takes a record; false when it is about something else. */
  add(record: LogRecord): boolean {
    const { host, output, type } = record;
    if (type !== "config_diff" || typeof output !== "string" || host === undefined) return false;
    const text = `${formatMessage(record)}\n${output}`;
    const hosts = this.#hostsByDiff.get(text) ?? [];
    this.#hostsByDiff.set(text, [...hosts, host]);
    return true;
  }

  /** The differences so far as lines, each headed by the hosts that have it; forgets them. */
  takeLines(colour: boolean): string[] {
    const lines = [...this.#hostsByDiff].flatMap(([text, hosts]) => {
      const [message = "", ...diff] = text.trimEnd().split("\n");
      const shown = diff.map((line) => visibleText(line)).join("\n");
      const head = `${foldHosts(hosts)} (${hosts.length}): ${visibleText(message)}`;
      return [head, ...(colour ? colourDiff(shown) : shown).split("\n")];
    });
    this.#hostsByDiff.clear();
    return lines;
  }
}
