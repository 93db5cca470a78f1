import { colourDiff, formatMessage, visibleText, type LogRecord } from "@scap/log";
import { foldHosts } from "@scap/targets";

/** A difference of one configuration file, and the hosts that have it. */
export interface ConfigDiff {
  readonly hosts: readonly string[];
  /** `Config diff for /etc/web/app.yaml`. */
  readonly message: string;
  /** Unified diff. */
  readonly diff: string;
}

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

  /** The differences so far; forgets them. */
  take(): ConfigDiff[] {
    const diffs = [...this.#hostsByDiff].map(([text, hosts]) => {
      const [message = "", ...diff] = text.trimEnd().split("\n");
      return { hosts, message, diff: diff.join("\n") };
    });
    this.#hostsByDiff.clear();
    return diffs;
  }
}

/** A difference as lines, headed by its hosts. */
export function configDiffLines({ diff, hosts, message }: ConfigDiff, colour: boolean): string[] {
  const shown = diff
    .split("\n")
    .map((line) => visibleText(line))
    .join("\n");
  const head = `${foldHosts(hosts)} (${hosts.length}): ${visibleText(message)}`;
  return [head, ...(colour ? colourDiff(shown) : shown).split("\n")];
}
