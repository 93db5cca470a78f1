import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "@scap/git";
import { DeployError } from "../../errors.ts";
import { deployHeadFile } from "./deploy-head.ts";

/** A new `DEPLOY_HEAD` that lies beside the present one. */
export interface StagedDeployHead {
  /** Puts it in the place of the present one, in one step. */
  publish(): Promise<void>;
  /** Removes it. */
  drop(): Promise<void>;
}

/**
 * Writes the text of a new `DEPLOY_HEAD` beside the present one.
 *
 * @throws DeployError `PUBLISH_FAILED`; nothing is left then
 */
export async function stageDeployHead(repository: Repository, yaml: string): Promise<StagedDeployHead> {
  const path = deployHeadFile(repository.gitDirectory);
  const temporary = `${path}.${process.pid}`;
  const drop = async (): Promise<void> => await rm(temporary, { force: true });
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      await drop();
      throw publishFailed(path, cause);
    }
  };
  await guarded(async () => {
    // Nothing of ours is in it; programs around Python Scap expect that it exists.
    await mkdir(join(repository.gitDirectory, "config-files"), { recursive: true });
    await writeFile(temporary, yaml);
  });
  return { drop, publish: async () => await guarded(async () => await rename(temporary, path)) };
}

function publishFailed(path: string, cause: unknown): DeployError {
  return new DeployError(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    code: "PUBLISH_FAILED",
    hint: "Nothing was published; free space or fix the permissions and deploy again.",
    cause,
  });
}
