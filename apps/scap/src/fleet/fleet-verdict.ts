import { visibleText } from "@scap/log";
import { type HostResult, hasFailed } from "@scap/ssh-job";
import { foldHosts } from "@scap/targets";
import type { FleetOptions } from "./fleet-options.ts";
import { outputProblem } from "./output-directory.ts";
import type { FleetResult } from "./run-fleet.ts";

/** How a run went as a whole. */
export interface FleetVerdict {
  readonly total: number;
  readonly succeeded: readonly string[];
  /** Hosts that failed, by their state: `exit 3`, `unreachable`, `timed-out`. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
  /** Hosts on which a command was ended by Ctrl-C. */
  readonly interrupted: readonly string[];
  /** Hosts that succeeded with some of the commands and did not get the others. */
  readonly unfinished: readonly string[];
  /** Hosts that were never contacted. */
  readonly notStarted: readonly string[];
  /** Hosts that failed because sudo wants a password there. */
  readonly sudoRefused: readonly string[];
  /** Hosts whose output could not be kept as a whole, by the reason. */
  readonly outputNotKept: ReadonlyMap<string, readonly string[]>;
  readonly isThresholdMet: boolean;
}

/** Keeps what of the results the verdict needs. */
export class FleetTally {
  readonly #passed = new Map<string, number>();
  readonly #failed = new Map<string, string[]>();
  readonly #stopped = new Set<string>();
  readonly #interrupted = new Set<string>();
  readonly #sudoRefused = new Set<string>();
  readonly #outputNotKept = new Map<string, string[]>();

  add({ result }: FleetResult): void {
    const { host } = result;
    const problem = outputProblem(result);
    if (problem !== undefined) append(this.#outputNotKept, problem, host);
    if (result.status === "ok") this.#passed.set(host, (this.#passed.get(host) ?? 0) + 1);
    else if (hasFailed(result)) {
      append(this.#failed, stateOf(result), host);
      this.#stopped.add(host);
      if (wantsPassword(result)) this.#sudoRefused.add(host);
    } else if (result.status === "cancelled" && result.connectAttempts > 0) this.#interrupted.add(host);
  }

  /** Judges the run by the share of the hosts on which every command succeeded. */
  verdict(hosts: readonly string[], { commands, threshold, unreachableAllowed }: FleetOptions): FleetVerdict {
    const passed = (host: string): number => this.#passed.get(host) ?? 0;
    const succeeded = hosts.filter((host) => passed(host) === commands.length);
    const open = hosts.filter(
      (host) => passed(host) < commands.length && !this.#stopped.has(host) && !this.#interrupted.has(host),
    );
    const unreachable = this.#failed.get("unreachable")?.length ?? 0;
    const isExcused = unreachableAllowed !== undefined && unreachable <= unreachableAllowed;
    const isOverrun = unreachableAllowed !== undefined && !isExcused;
    const judged = hosts.length - (isExcused ? unreachable : 0);
    return {
      total: hosts.length,
      succeeded,
      failed: this.#failed,
      interrupted: hosts.filter((host) => this.#interrupted.has(host)),
      unfinished: open.filter((host) => passed(host) > 0),
      notStarted: open.filter((host) => passed(host) === 0),
      sudoRefused: hosts.filter((host) => this.#sudoRefused.has(host)),
      outputNotKept: this.#outputNotKept,
      isThresholdMet: !isOverrun && succeeded.length >= Number((judged * threshold).toFixed(6)),
    };
  }
}

/** The verdict for people. */
export function verdictLines(verdict: FleetVerdict): string {
  const { failed, interrupted, isThresholdMet, notStarted, outputNotKept, succeeded, sudoRefused } = verdict;
  const { total, unfinished } = verdict;
  const states: readonly (readonly [string, readonly string[]])[] = [
    ...failed,
    ["interrupted", interrupted],
    ["not finished", unfinished],
    ["not started", notStarted],
  ];
  const lines = states
    .filter(([, hosts]) => hosts.length > 0)
    // A host can name the signal that ended a command as it likes.
    .map(([state, hosts]) => `${visibleText(state)}: ${share(hosts.length, total)} ${foldHosts(hosts)}`);
  const end = isThresholdMet ? "" : ", below the threshold";
  const who = isThresholdMet && succeeded.length < total ? ` ${foldHosts(succeeded)}` : "";
  const sudo = sudoRefused.length > 0 ? [`${SUDO_ADVICE} ${foldHosts(sudoRefused)}`] : [];
  const cut = [...outputNotKept].map(
    ([reason, hosts]) => `warning: Not all output of ${foldHosts(hosts)} is kept: ${reason}`,
  );
  return [...lines, `succeeded: ${share(succeeded.length, total)}${end}${who}`, ...sudo, ...cut]
    .map((line) => `${line}\n`)
    .join("");
}

const SUDO_ADVICE =
  "sudo wants a password, which nobody can type here; give the login a NOPASSWD rule in /etc/sudoers on";

/** sudo ends with 1, as commands do: its words are the only evidence. */
function wantsPassword(result: HostResult): boolean {
  if (result.status !== "failed" || result.code !== 1 || result.stdout.totalBytes > 0) return false;
  return /^sudo: .*\b(password|terminal|tty)\b/m.test(result.stderr.text);
}

/** A verdict for programs. */
export interface VerdictObject extends Omit<FleetVerdict, "failed" | "outputNotKept"> {
  readonly failed: Readonly<Record<string, readonly string[]>>;
  readonly outputNotKept: Readonly<Record<string, readonly string[]>>;
  readonly exitCode: number;
}

/** The verdict for programs. */
export function verdictObject(verdict: FleetVerdict, exitCode: number): VerdictObject {
  const { failed, outputNotKept } = verdict;
  return {
    ...verdict,
    failed: Object.fromEntries(failed),
    outputNotKept: Object.fromEntries(outputNotKept),
    exitCode,
  };
}

/** `exit 3`, `SIGTERM`, or the status in the words of the verdict. */
export function stateOf(result: HostResult): string {
  if (result.status === "cancelled") return "interrupted";
  if (result.status !== "failed") return result.status;
  return result.signal ?? `exit ${result.code}`;
}

function share(count: number, total: number): string {
  return `${((100 * count) / total).toFixed(1)}% (${count}/${total})`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
