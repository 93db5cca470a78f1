import { visibleText } from "@scap/log";
import { type HostResult, hasFailed } from "@scap/ssh-job";
import { foldHosts } from "@scap/targets";
import type { FleetOptions } from "./fleet-options.ts";
import type { FleetResult } from "./fleet-run.ts";

/** How a run went as a whole. */
export interface FleetVerdict {
  readonly total: number;
  readonly succeeded: readonly string[];
  /** Hosts that failed, by their state: `exit 3`, `unreachable`, `timed-out`. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
  /** Hosts that were not started, or not with all commands. */
  readonly unfinished: readonly string[];
  readonly isThresholdMet: boolean;
}

/** Judges a run by the share of the hosts on which every command succeeded. */
export function judge(
  hosts: readonly string[],
  results: readonly FleetResult[],
  options: FleetOptions,
): FleetVerdict {
  const passed = new Map<string, number>();
  const failed = new Map<string, string[]>();
  for (const { result } of results) {
    if (result.status === "ok") passed.set(result.host, (passed.get(result.host) ?? 0) + 1);
    else if (hasFailed(result)) append(failed, stateOf(result), result.host);
  }
  const lost = new Set([...failed.values()].flat());
  const succeeded = hosts.filter((host) => passed.get(host) === options.commands.length);
  const unfinished = hosts.filter((host) => passed.get(host) !== options.commands.length && !lost.has(host));
  const needed = Number((hosts.length * options.threshold).toFixed(6));
  return { total: hosts.length, succeeded, failed, unfinished, isThresholdMet: succeeded.length >= needed };
}

/** Hosts with equal answers, largest group first: `(2) web[1-2], exit 3` and what they said. */
export function groupedOutput(
  results: readonly FleetResult[],
  options: FleetOptions,
  by: "output" | "exit",
): string {
  return options.commands
    .map(({ text }, index) => {
      const ofCommand = results.filter(
        ({ command, result }) => command === index && result.status !== "skipped",
      );
      const title = options.commands.length > 1 ? `----- ${text} -----\n` : "";
      return (
        title +
        groups(
          ofCommand.map(({ result }) => result),
          by,
        )
      );
    })
    .join("");
}

/** The verdict for people. */
export function verdictLines(verdict: FleetVerdict): string {
  const { failed, succeeded, total, unfinished } = verdict;
  const lines = [...failed].map(
    ([state, hosts]) => `${state}: ${share(hosts.length, total)} ${foldHosts(hosts)}`,
  );
  if (unfinished.length > 0)
    lines.push(`not finished: ${share(unfinished.length, total)} ${foldHosts(unfinished)}`);
  const end = verdict.isThresholdMet ? "" : ", below the threshold";
  return [...lines, `succeeded: ${share(succeeded.length, total)}${end}`].map((line) => `${line}\n`).join("");
}

/** The verdict for programs. */
export function verdictObject(verdict: FleetVerdict, exitCode: number): object {
  return { ...verdict, failed: Object.fromEntries(verdict.failed), exitCode };
}

/** One result for programs; output that is not UTF-8 is base64. */
export function resultObject({ command, result }: FleetResult, options: FleetOptions): object {
  const { stdout, stderr, ...rest } = result;
  return {
    ...rest,
    ...("error" in rest ? { error: { code: rest.error.code, message: rest.error.message } } : {}),
    command: options.commands[command]?.text,
    ...textOrBase64("stdout", stdout),
    ...textOrBase64("stderr", stderr),
  };
}

/** `exit 3`, `SIGTERM`, or the status. */
export function stateOf(result: HostResult): string {
  if (result.status !== "failed") return result.status;
  return result.signal ?? `exit ${result.code}`;
}

function groups(results: readonly HostResult[], by: "output" | "exit"): string {
  const found = new Map<string, HostResult[]>();
  for (const result of results) append(found, groupKey(result, by), result);
  const parts = [...found.values()].toSorted(
    (a, b) => b.length - a.length || (firstOf(a) < firstOf(b) ? -1 : 1),
  );
  return parts.map((part) => groupText(part, by)).join("");
}

function groupText(part: readonly HostResult[], by: "output" | "exit"): string {
  const [first] = part;
  if (!first) return "";
  const state = first.status === "ok" ? "" : `, ${stateOf(first)}`;
  const head = `===== (${part.length}) ${foldHosts(part.map(({ host }) => host))}${state} =====\n`;
  return head + (by === "exit" ? "" : withEnd(said(first)));
}

function groupKey(result: HostResult, by: "output" | "exit"): string {
  return by === "exit" ? stateOf(result) : JSON.stringify([stateOf(result), said(result).replace(/\n$/, "")]);
}

function said(result: HostResult): string {
  return "error" in result ? result.error.message : result.stdout.text + result.stderr.text;
}

function withEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function firstOf(part: readonly HostResult[]): string {
  return part[0]?.host ?? "";
}

function share(count: number, total: number): string {
  return `${((100 * count) / total).toFixed(1)}% (${count}/${total})`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function textOrBase64(name: string, output: HostResult["stdout"]): object {
  const bytes = Buffer.concat([output.head, output.tail]);
  const isText = output.omittedBytes > 0 || Buffer.from(output.text).equals(bytes);
  return isText ? { [name]: output.text } : { [`${name}Base64`]: bytes.toString("base64") };
}

/** Text of hosts as it may be shown: on a terminal without control characters. */
export function forStream(text: string, stream: { readonly isTTY?: boolean }): string {
  return stream.isTTY === true ? visibleText(text) : text;
}
