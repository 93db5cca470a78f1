import { join } from "node:path";

import {
  GitCommandError,
  listSubmodules,
  pullLargeFiles as pull,
  type LargeFileProgram,
  type PullLargeFilesOptions,
} from "@scap/git";

import type { DeployInfo } from "../../deploy-info.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";
import { submoduleOrigins } from "./submodule-origins.ts";

/** Fetches the content of large files for a checked-out revision, by the programs that the deploy info names. */
export async function pullLargeFiles(context: StageContext, directory: string): Promise<void> {
  const { info, logger, paths, signal } = context;
  const programs = largeFilePrograms(info, (word) =>
    logger.warning("git_binary_manager names %s, which is not known and is ignored", { args: [word] }),
  );
  if (programs.length === 0) return;
  const cache = { directory: paths.cache, gitDirectory: paths.cacheGit, commonDirectory: paths.cacheGit };
  const submodules = info.git_submodules === true ? await listSubmodules(cache, info.commit) : [];
  const origins = submoduleOrigins(submodules, info, paths.repo);
  for (const program of programs) {
    await pullOrExplain(info, directory, { program, signal, ...lfsUrlOption(lfsUrlOf(info)) });
    if (program !== "git-lfs") continue;
    for (const { modulePath, path } of submodules) {
      await pullOrExplain(info, join(directory, path), {
        program,
        signal,
        ...lfsUrlOption(origins.get(modulePath)?.lfsUrl),
      });
    }
  }
}

/** Git-lfs alone says which server failed, and not that the deploy server can send what it has. */
async function pullOrExplain(
  info: DeployInfo,
  directory: string,
  options: PullLargeFilesOptions,
): Promise<void> {
  try {
    await pull(directory, options);
  } catch (cause) {
    const isUnknown = cause instanceof GitCommandError && cause.code === "GIT_FAILED";
    if (!isUnknown || options.program !== "git-lfs") throw cause;
    throw new TargetWorkError(`the content of large files could not be fetched (${cause.message})`, {
      code: "LARGE_FILES_MISSING",
      hint: info.git_server
        ? "The host must reach the server of large files."
        : "Run 'git lfs fetch' in the checkout, which then sends them over SSH, or let the host reach their server.",
      cause,
    });
  }
}

/** Where git-lfs fetches the large files of the repository itself; undefined when its origin is not known. */
export function lfsUrlOf({ original_origin: origin }: DeployInfo): string | undefined {
  return origin === "" ? undefined : `${origin}/info/lfs`;
}

function lfsUrlOption(lfsUrl: string | undefined): { lfsUrl?: string } {
  return lfsUrl === undefined ? {} : { lfsUrl };
}

/** The large-file programs of a deployment, in order; `git_fat` is an old way to ask for git-fat alone. */
export function largeFilePrograms(
  info: DeployInfo,
  onUnknown: (word: string) => void = () => {},
): LargeFileProgram[] {
  if (info.git_fat === true) return ["git-fat"];
  const programs: LargeFileProgram[] = [];
  for (const word of (info.git_binary_manager ?? "").split(",").map((each) => each.trim())) {
    if (word === "git-lfs" || word === "git-fat") programs.push(word);
    else if (word !== "") onUnknown(word);
  }
  return programs;
}
