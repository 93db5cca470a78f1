import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { bootId, secondsSinceBoot } from "../host-clock.ts";
import { stateNote, type StateNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * The time that a promoted revision has until the deploy server must have confirmed it. When it ends without that, the
 * host goes back to its previous revision.
 */
export interface PromoteLease {
  /** Tells this lease from every other; its guard looks for it. */
  readonly token: string;
  /** The run that may renew and confirm it. */
  readonly run: string;
  /** Revision that was promoted. */
  readonly revision: string;
  /** Group of the host, for the checks on the way back. */
  readonly group?: string;
  /** Length, in milliseconds. */
  readonly leaseMs: number;
  /** Longest time for the way back, in milliseconds. */
  readonly stageTimeoutMs: number;
  /** When it ends, in whole seconds since {@link PromoteLease.boot}: nobody can set that clock. */
  readonly deadline: number;
  /** Names the boot of the host. A lease of an earlier one has ended. */
  readonly boot: string;
}

/** The lease of the live revision; there is none once it is confirmed. */
export function leaseNote(paths: TargetPaths): StateNote<PromoteLease> {
  return stateNote<PromoteLease>(leaseFile(paths));
}

/** Where the lease is; guards watch it. */
export function leaseFile(paths: TargetPaths): string {
  return join(paths.state, "lease");
}

/** Starts a lease in place of any other. */
export async function startLease(
  paths: TargetPaths,
  terms: Omit<PromoteLease, "token" | "deadline" | "boot">,
): Promise<PromoteLease> {
  const lease: PromoteLease = {
    ...terms,
    token: randomBytes(8).toString("hex"),
    ...(await endAfter(terms.leaseMs)),
  };
  await leaseNote(paths).write(lease);
  return lease;
}

/** Gives a lease of this run its whole length again; other leases are left alone. */
export async function renewLease(paths: TargetPaths, run: string): Promise<void> {
  const lease = await leaseNote(paths).read();
  if (lease?.run !== run) return;
  await leaseNote(paths).write({ ...lease, ...(await endAfter(lease.leaseMs)) });
}

/** Whether a lease's time is over. */
export async function hasEnded(lease: PromoteLease): Promise<boolean> {
  return lease.boot !== (await bootId()) || (await secondsSinceBoot()) >= lease.deadline;
}

async function endAfter(leaseMs: number): Promise<Pick<PromoteLease, "deadline" | "boot">> {
  const [now, boot] = await Promise.all([secondsSinceBoot(), bootId()]);
  return { deadline: Math.ceil(now + leaseMs / 1000), boot };
}
