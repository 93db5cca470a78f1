import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { openRepository } from "@scap/git";
import type { DeployInfo } from "../../deploy-info.ts";
import { MAX_DEPLOY_INFO_BYTES, parseDeployInfo } from "../../parse-deploy-info.ts";
import { DeployError } from "../../errors.ts";

/** Where a repository publishes its deploy info. */
export function deployHeadFile(gitDirectory: string): string {
  return join(gitDirectory, "DEPLOY_HEAD");
}

/**
 * Text of what was published last; undefined when nothing was.
 *
 * @throws DeployError `DEPLOY_INFO` for a file that is too large to be one, before it is read
 */
export async function readDeployHead(gitDirectory: string): Promise<string | undefined> {
  const path = deployHeadFile(gitDirectory);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  if (found.size > MAX_DEPLOY_INFO_BYTES) {
    const message = `${path} has ${found.size} bytes; a deploy info has at most ${MAX_DEPLOY_INFO_BYTES}`;
    throw new DeployError(message, { code: "DEPLOY_INFO", hint: "Remove it and deploy again." });
  }
  return await readFile(path, "utf8");
}

/** What a checkout published last; undefined when that is nothing, or nothing that can be read. */
export async function lastPublished(checkout: string): Promise<DeployInfo | undefined> {
  try {
    const text = await readDeployHead((await openRepository(checkout)).gitDirectory);
    return text === undefined ? undefined : parseDeployInfo(text, "DEPLOY_HEAD");
  } catch {
    return undefined;
  }
}
