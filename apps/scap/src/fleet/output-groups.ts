import { createHash } from "node:crypto";
import { HostKeyError, type HostResult, type SshError, UnreachableError } from "@scap/ssh-job";
import { foldHosts } from "@scap/targets";
import { stateOf } from "./fleet-verdict.ts";

interface OutputGroup {
  readonly title: string;
  /** What all of the hosts have said. */
  readonly text: string;
  readonly hosts: string[];
  /** Why each host could not be used, by host. */
  readonly reasons: Map<string, string>;
  readonly hint: string | undefined;
}

/** Reasons of one kind that are shown. */
const SHOWN_REASONS = 5;

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
    const error = "error" in result && !this.#isByExit ? result.error : undefined;
    const text = this.#isByExit ? "" : withoutLastEnd(result.stdout.text + result.stderr.text);
    const key = createHash("sha256")
      .update(JSON.stringify([state, text, kindOf(error), error?.hint]))
      .digest("base64");
    const group = this.#groups.get(key) ?? {
      title: result.status === "ok" ? "" : `, ${state}`,
      text,
      hosts: [],
      reasons: new Map<string, string>(),
      hint: error?.hint,
    };
    this.#groups.set(key, group);
    group.hosts.push(result.host);
    if (error) group.reasons.set(result.host, error.message);
  }

  /** Largest group first, then by the first host: `===== (2) web[1-2], exit 3 =====` and what they said. */
  text(): string {
    const placeOf = (host: string): number => this.#places.get(host) ?? 0;
    const firstOf = ({ hosts }: OutputGroup): number =>
      hosts.reduce((least, host) => Math.min(least, placeOf(host)), Number.POSITIVE_INFINITY);
    return [...this.#groups.values()]
      .map((group) => ({ group, first: firstOf(group) }))
      .toSorted((a, b) => b.group.hosts.length - a.group.hosts.length || a.first - b.first)
      .map(({ group }) => groupText(group, placeOf))
      .join("");
  }
}

function groupText(
  { hint, hosts, reasons, text, title }: OutputGroup,
  placeOf: (host: string) => number,
): string {
  const inOrder = [...reasons].toSorted(([a], [b]) => placeOf(a) - placeOf(b));
  // All hosts behind a jump host that is down have one reason.
  const different = [...new Set(inOrder.map(([, reason]) => reason))];
  const more = different.length - SHOWN_REASONS;
  const lines = [
    `===== (${hosts.length}) ${foldHosts(hosts)}${title} =====`,
    ...(text === "" ? [] : [text]),
    ...different.slice(0, SHOWN_REASONS),
    ...(more > 0 ? [`... and ${more} more`] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Errors of one kind have the same cause, and the same cure. */
function kindOf(error: SshError | undefined): readonly (string | undefined)[] | undefined {
  if (error === undefined) return undefined;
  if (error instanceof UnreachableError) return [error.code, error.reason];
  return [error.code, error instanceof HostKeyError ? error.problem.kind : undefined];
}

function withoutLastEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
