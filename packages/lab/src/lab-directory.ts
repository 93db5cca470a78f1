import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A lab's folder, and whether it goes away with the lab. */
export interface LabDirectory {
  readonly path: string;
  readonly isTemporary: boolean;
  /** Removes a temporary folder, leaves one that the caller chose. */
  dispose(): Promise<void>;
}

/** Opens the folder the caller chose, or makes a temporary one. */
export async function openLabDirectory(chosen: string | undefined): Promise<LabDirectory> {
  if (chosen === undefined) {
    // The real path, because the hosts' paths are compared with what programs on them print.
    const path = await realpath(await mkdtemp(join(tmpdir(), "scap-lab-")));
    return { path, isTemporary: true, dispose: () => rm(path, { recursive: true, force: true }) };
  }
  await mkdir(resolve(chosen), { recursive: true });
  return { path: await realpath(resolve(chosen)), isTemporary: false, dispose: () => Promise.resolve() };
}
