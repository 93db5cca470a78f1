import { createHash } from "node:crypto";
import { effectiveFqdn } from "@scap/config";
import { GitCommandError, installLargeFileFilters, type Repository } from "@scap/git";
import type { DeployInfo } from "../../deploy-info.ts";
import { serialiseDeployInfo } from "../../serialise-deploy-info.ts";
import { DeployError } from "../../errors.ts";
import { stageDeployHead } from "./stage-deploy-head.ts";

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
  /** Whether large files are kept by git-lfs. */
  readonly lfs: boolean;
  /** Whether checks are written as Python's ordered maps. */
  readonly orderedChecks: boolean;
}

/**
 * Makes a deployment known on the deploy server: tag, server info, then `DEPLOY_HEAD` by one rename. When a step
 * fails the tag is taken back, and `DEPLOY_HEAD` is what it was.
 *
 * @throws GitError, or DeployError `PUBLISH_FAILED`
 */
export async function publishDeployment(options: PublishOptions): Promise<Published> {
  const { repository, tag, timestamp, user } = options;
  const yaml = serialiseDeployInfo({ ...options.info, tag }, options);
  const head = await stageDeployHead(repository, yaml);
  try {
    const { commit } = options.info;
    await repository.createTag({ name: tag, commit, user, timestamp, host: effectiveFqdn });
  } catch (error) {
    await head.drop();
    throw error;
  }
  try {
    await repository.cleanTags(options.tagsToKeep, options.now);
    await repository.updateServerInfo({ submodules: options.submodules });
    if (options.lfs) await quietenLargeFiles(repository, options.submodules);
    await head.publish();
  } catch (error) {
    // On a full disk git needs the room that this makes.
    await head.drop();
    await takeTagBack(options, error);
  }
  return { tag, yaml };
}

/** @throws why the tag must go; where it cannot, that is part of the reason */
async function takeTagBack({ repository, submodules, tag }: PublishOptions, reason: unknown): Promise<never> {
  try {
    await repository.deleteTag(tag);
    // Else targets that fetch over dumb HTTP would still be told of it.
    await repository.updateServerInfo({ submodules }).catch(() => {});
  } catch {
    const text = reason instanceof Error ? reason.message : String(reason);
    throw new DeployError(`${text} (the tag ${tag} was made and could not be taken back)`, {
      code: "PUBLISH_FAILED",
      hint: `Nothing was published. Free space, run git tag -d ${tag}, and deploy again.`,
      cause: reason,
    });
  }
  throw reason;
}

/** Keeps `git status` of the checkout free of files that are there in the place of their pointers. */
async function quietenLargeFiles({ directory }: Repository, submodules: boolean): Promise<void> {
  try {
    await installLargeFileFilters(directory, { submodules });
  } catch (cause) {
    // Without git-lfs here, or with filters of somebody else, a deployment lacks nothing.
    if (!(cause instanceof GitCommandError)) throw cause;
  }
}

/** SHA-256 of a text, hexadecimal: lets a target verify what it got. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
