import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { resolveGitDirectory } from "./git-directory.ts";

/** The branch that is checked out: `main`; for a detached `HEAD` the commit's id. Runs no git command. */
export async function currentBranch(directory: string): Promise<string> {
  const head = await readFile(join(await resolveGitDirectory(directory), "HEAD"), "utf8");
  const name = (head.split("\n")[0] ?? "").replace(/^ref: /, "").trim();
  return name.replace(/^refs\/(?:heads|tags)\//, "");
}
