import { createHash } from "node:crypto";
import type { HostResult } from "@scap/ssh-job";
import { foldHosts } from "@scap/targets";
import { stateOf } from "./fleet-verdict.ts";

interface OutputGroup {
  readonly title: string;
  readonly text: string;
  readonly hosts: string[];
}

/** Gathers equal answers of hosts. An answer that many hosts give is kept once. */
export class OutputGroups {
  readonly #isByExit: boolean;
  readonly #places: ReadonlyMap<string, number>;
  readonly #groups = new Map<string, OutputGroup>();

  /** `by`: hosts are shown together that said the same, or that ended in the same way. `places`: their order. */
  constructor(by: "output" | "exit", places: ReadonlyMap<string, number>) {
    this.#isByExit = by === "exit";
    this.#places = places;
  }

  add(result: HostResult): void {
    // A host that was never contacted has said nothing.
    if (result.status === "skipped" || result.connectAttempts === 0) return;
    const state = stateOf(result);
    const text = this.#isByExit ? "" : withoutLastEnd(said(result));
    const key = createHash("sha256")
      .update(JSON.stringify([state, text]))
      .digest("base64");
    const group = this.#groups.get(key);
    if (group) group.hosts.push(result.host);
    else
      this.#groups.set(key, {
        title: result.status === "ok" ? "" : `, ${state}`,
        text,
        hosts: [result.host],
      });
  }

  /** Largest group first, then by the first host: `===== (2) web[1-2], exit 3 =====` and what they said. */
  text(): string {
    const firstOf = ({ hosts }: OutputGroup): number =>
      hosts.reduce((least, host) => Math.min(least, this.#places.get(host) ?? 0), Number.POSITIVE_INFINITY);
    return [...this.#groups.values()]
      .map((group) => ({ group, first: firstOf(group) }))
      .toSorted((a, b) => b.group.hosts.length - a.group.hosts.length || a.first - b.first)
      .map(({ group }) => groupText(group))
      .join("");
  }
}

function groupText({ hosts, text, title }: OutputGroup): string {
  const head = `===== (${hosts.length}) ${foldHosts(hosts)}${title} =====\n`;
  return text === "" ? head : `${head}${text}\n`;
}

function said(result: HostResult): string {
  if (!("error" in result)) return result.stdout.text + result.stderr.text;
  // What a command wrote before its connection broke is often the reason.
  return result.stdout.text + result.stderr.text + result.error.message;
}

function withoutLastEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
