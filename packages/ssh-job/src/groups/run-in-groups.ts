import { SshError } from "../errors.ts";
import { pause } from "../pause.ts";

/** Options of {@link runInGroups}. */
export interface GroupsOptions {
  readonly hosts: readonly string[];
  /** Hosts in a group; fewer than all, or nothing would serve while the only group is depooled. */
  readonly groupSize: number;
  /** Takes hosts out of service; answers with those that were in service before. */
  readonly depool: (hosts: readonly string[]) => Promise<readonly string[]>;
  /** Puts hosts back into service. */
  readonly repool: (hosts: readonly string[]) => Promise<void>;
  /** The work on a group; answers with whether it went well. */
  readonly run: (hosts: readonly string[]) => Promise<boolean>;
  /** How many groups may fail. When more have failed, the rest is skipped. @defaultValue 0 */
  readonly maxFailedGroups?: number;
  /** Waited between two groups, in milliseconds. @defaultValue 0 */
  readonly groupSleepMs?: number;
  /** Starts no further group when it fires. */
  readonly signal?: AbortSignal;
}

/** How a group fared. */
export interface GroupResult {
  readonly hosts: readonly string[];
  readonly status: "ok" | "failed" | "skipped";
  /** Hosts that were in service before and are not any more. */
  readonly leftDepooled: readonly string[];
}

/**
 * Works on hosts behind a load balancer, a group at a time: takes the group out of service, works, puts back those that
 * were in service. A group that fails stays out of service, so that nobody is served by it.
 *
 * @throws SshError `BAD_OPTION` for a group size below 1, or of all hosts; and what the callbacks throw
 */
export async function* runInGroups(options: GroupsOptions): AsyncGenerator<GroupResult, void, undefined> {
  const { groupSleepMs = 0, groupSize, hosts, maxFailedGroups = 0, signal } = options;
  if (!Number.isInteger(groupSize) || groupSize < 1 || groupSize >= hosts.length) {
    throw new SshError("BAD_OPTION", `groupSize is ${groupSize}; expected 1 to ${hosts.length - 1}`);
  }
  let failed = 0;
  for (let start = 0; start < hosts.length; start += groupSize) {
    const group = hosts.slice(start, start + groupSize);
    if (start > 0 && failed <= maxFailedGroups) await pause(groupSleepMs, signal).catch(() => undefined);
    if (failed > maxFailedGroups || signal?.aborted === true) {
      yield { hosts: group, status: "skipped", leftDepooled: [] };
      continue;
    }
    const result = await runGroup(group, options);
    if (result.status === "failed") failed++;
    yield result;
  }
}

async function runGroup(
  hosts: readonly string[],
  { depool, repool, run }: GroupsOptions,
): Promise<GroupResult> {
  const wereInService = await depool(hosts);
  if (!(await run(hosts))) return { hosts, status: "failed", leftDepooled: wereInService };
  await repool(wereInService);
  return { hosts, status: "ok", leftDepooled: [] };
}
