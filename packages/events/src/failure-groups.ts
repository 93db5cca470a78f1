import type { HostFailure, HostOutcome, StageHostFinished } from "./event.ts";

/** Hosts that failed a stage in the same way. */
export interface FailureGroup {
  readonly stage: string;
  readonly outcome: HostOutcome;
  readonly hosts: readonly string[];
  readonly failure: HostFailure;
}

/** Puts failures that differ only in the host together, the largest group first. */
export function groupFailures(failures: readonly StageHostFinished[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup & { readonly hosts: string[] }>();
  for (const { failure, host, outcome, stage } of failures) {
    if (failure === undefined) continue;
    const key = JSON.stringify([
      stage,
      outcome,
      failure.code,
      sameForAll(failure.message, host),
      failure.output,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { stage, outcome, failure, hosts: [host] });
    else group.hosts.push(host);
  }
  return [...groups.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
}

/** A message without the name of the host that it is about. */
function sameForAll(message: string, host: string): string {
  return message.replaceAll(host, "<host>");
}
