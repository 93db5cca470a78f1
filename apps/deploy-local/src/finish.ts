import process from "node:process";

import { finishUnit } from "@scap/deploy";

import { unattended } from "./unattended.ts";

/**
 * Brings a switch to an end whose worker is gone; a worker that comes for the host stops it.
 *
 * @param words - repository, its parent directory, run, time limit in milliseconds, group or nothing
 */
export async function finish(words: readonly string[]): Promise<number> {
  const [repo = "", gitDeployDir = "", run = "", timeoutMs = "", group = ""] = words;
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  return await unattended({ repo, gitDeployDir }, async (host) =>
    finishUnit({
      ...{ ...host, repo, gitDeployDir, run, signal: stop.signal },
      ...{ timeoutMs: Number(timeoutMs), group: group === "" ? undefined : group },
    }),
  );
}
