import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { effectiveFqdn } from "@scap/config";
import type { Repository } from "@scap/git";
import { serialiseDeployInfo, type DeployInfo } from "../deploy-info.ts";
import { DeployError } from "../errors.ts";
import { deployHeadFile } from "./deploy-head.ts";

/** A deployment that targets can fetch. */
export interface Published {
  readonly tag: string;
  /** Text of `DEPLOY_HEAD`. */
  readonly yaml: string;
}

export interface PublishOptions {
  readonly repository: Repository;
  readonly tag: string;
  /** Everything but the tag. */
  readonly info: Omit<DeployInfo, "tag">;
  readonly user: string;
  readonly timestamp: string;
  readonly tagsToKeep: number;
  readonly now: Date;
  /** Whether submodules are served over dumb HTTP too. */
  readonly submodules: boolean;
  /** Whether checks are written as Python's ordered maps. */
  readonly orderedChecks: boolean;
}

/**
 * Makes a deployment known on the deploy server: tag, server info, then `DEPLOY_HEAD` by one rename. When a step
 * fails the tag is taken back, and `DEPLOY_HEAD` is what it was.
 */
export async function publishDeployment(options: PublishOptions): Promise<Published> {
  const { repository, tag, timestamp, user } = options;
  const yaml = serialiseDeployInfo({ ...options.info, tag }, options);
  await repository.createTag({
    name: tag,
    commit: options.info.commit,
    user,
    timestamp,
    host: effectiveFqdn,
  });
  try {
    await repository.cleanTags(options.tagsToKeep, options.now);
    await repository.updateServerInfo({ submodules: options.submodules });
    await writeDeployHead(repository, yaml);
  } catch (error) {
    await repository.deleteTag(tag);
    throw error;
  }
  return { tag, yaml };
}

/** SHA-256 of a text, hexadecimal: lets a target verify what it got. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function writeDeployHead(repository: Repository, yaml: string): Promise<void> {
  // Nothing of ours is in it; programs around Python Scap expect that it exists.
  await mkdir(join(repository.gitDirectory, "config-files"), { recursive: true });
  const path = deployHeadFile(repository.gitDirectory);
  const temporary = `${path}.${process.pid}`;
  try {
    await writeFile(temporary, yaml);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new DeployError(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: "PUBLISH_FAILED",
      hint: "Nothing was published; free space or fix the permissions and deploy again.",
      cause,
    });
  }
}
