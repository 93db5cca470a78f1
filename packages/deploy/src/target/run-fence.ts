import { join } from "node:path";

import { bootId, secondsSinceBoot } from "./host-clock.ts";
import { stateNote, type StateNote } from "./state-notes.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";

/**
 * A newer run that was here this recently keeps older ones out, in seconds; after that the deploy server's clock was
 * wrong. No older worker has lived through a boot.
 */
const FENCE_LASTS_SECONDS = 15 * 60;

/** The newest run that has been on this host: workers of older ones may change nothing more. */
interface Fence {
  readonly run: string;
  /** When the run was here, in seconds since {@link Fence.boot}: nobody can set that clock. */
  readonly atSeconds: number;
  readonly boot: string;
}

function runFence(paths: TargetPaths): StateNote<Fence> {
  return stateNote<Fence>(join(paths.state, "fence"));
}

/** Keeps all older runs out. */
export async function raiseFence(paths: TargetPaths, run: string): Promise<void> {
  await runFence(paths).write({ run, atSeconds: await secondsSinceBoot(), boot: await bootId() });
}

/** The newer run whose worker has been on this host, if there is one. */
export async function newerRun(paths: TargetPaths, run: string): Promise<string | undefined> {
  const fence = await runFence(paths).read();
  return fence !== undefined && fence.run > run ? fence.run : undefined;
}

/** @throws TargetWorkError `FENCED` when a newer run has been here lately */
export async function refuseOlderRun(paths: TargetPaths, run: string): Promise<void> {
  const fence = await runFence(paths).read();
  if (fence === undefined || fence.run <= run || fence.boot !== (await bootId())) return;
  if ((await secondsSinceBoot()) - fence.atSeconds < FENCE_LASTS_SECONDS) throw fenced(fence.run);
}

/** What a run is told that a newer one has overtaken. */
export function fenced(run: string): TargetWorkError {
  return new TargetWorkError(`A newer deployment of this repository (run ${run}) has taken over the host`, {
    code: "FENCED",
    hint: "Nothing more is changed here by this run. See scap status for what is live.",
  });
}
