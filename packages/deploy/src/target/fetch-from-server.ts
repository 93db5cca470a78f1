import { runGit, stripCredentials } from "@scap/git";

import type { DeployInfo } from "../deploy-info.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";

/** A transfer slower than this for this long is given up. */
const LOW_SPEED = ["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30"];

/** URL of the deploy server's checkout. */
export function serverUrl(info: Pick<DeployInfo, "git_scheme" | "git_server">, repo: string): string {
  return `${info.git_scheme ?? "http"}://${info.git_server ?? ""}/${repo}`;
}

/**
 * Fetches the deploy tag and all branches from the deploy server's checkout, over dumb or smart HTTP. Tags of the deploy
 * server replace those here; foreign tags stay.
 */
export async function fetchFromServer(
  paths: TargetPaths,
  info: DeployInfo,
  signal: AbortSignal,
): Promise<void> {
  const url = `${serverUrl(info, paths.repo)}/.git`;
  const run = { cwd: paths.cache, signal };
  await runGit(["config", "remote.origin.url", url], run);
  await runGit(["config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"], run);
  const refspecs = info.tag === "" ? [] : [`+refs/tags/${info.tag}:refs/tags/${info.tag}`];
  try {
    const options = ["--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"];
    await runGit(
      [...LOW_SPEED, "fetch", ...options, "origin", ...refspecs, "+refs/heads/*:refs/remotes/origin/*"],
      run,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TargetWorkError(`Cannot fetch from ${stripCredentials(url)}: ${reason}`, {
      code: "FETCH_FAILED",
      hint: "Check that the deploy server serves the checkout's .git directory, and that git_server names it.",
      cause,
    });
  }
}
