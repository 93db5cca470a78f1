import { hasEnded, leaseNote } from "./lease.ts";
import { runStages } from "../stages/run-stages.ts";
import type { TargetPaths } from "../target-paths.ts";
import { unattendedContext, type UnattendedHost } from "./unattended-context.ts";

/** What {@link goBack} needs of the host. */
export interface GoBackOptions extends UnattendedHost {
  readonly paths: TargetPaths;
  readonly assertHeld: () => Promise<void>;
  /** Of the seat, for child processes. */
  readonly marker: string;
  readonly signal?: AbortSignal;
}

/**
 * Rolls the host back if the lease of its live revision has ended: code, configuration, services. Call with the
 * writer's seat held.
 *
 * @throws TargetWorkError when it cannot be rolled back, or its services do not start
 */
export async function goBack(options: GoBackOptions): Promise<void> {
  const { logger, paths } = options;
  const lease = await leaseNote(paths).read();
  if (lease === undefined || !(await hasEnded(lease))) return;
  const reason = `nobody confirmed it within ${lease.leaseMs / 1000} s, so the host went back by itself`;
  logger.warning("%s: %s", { args: [lease.revision, reason] });
  const { group, stageTimeoutMs: timeoutMs } = lease;
  const context = await unattendedContext({ ...options, group, timeoutMs });
  await runStages(["rollback"], { ...context, leaving: { verdict: "unknown", reason } });
}
