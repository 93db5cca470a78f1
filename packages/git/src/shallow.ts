import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { isObjectId } from "./refs.ts";

/** The commits at which the history of a repository ends although they have parents; none unless it is shallow. */
export async function readShallow(gitDirectory: string): Promise<string[]> {
  const text = await readFile(join(gitDirectory, "shallow"), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return "";
    throw cause;
  });
  return text.split("\n").filter(isObjectId);
}

/** Tells a repository that it lacks the parents of some commits. */
export async function addShallow(gitDirectory: string, commits: readonly string[]): Promise<void> {
  const known = await readShallow(gitDirectory);
  const all = [...new Set([...known, ...commits.filter(isObjectId)])];
  if (all.length === known.length) return;
  const path = join(gitDirectory, "shallow");
  await writeFile(`${path}.scap-new`, all.map((id) => `${id}\n`).join(""));
  await rename(`${path}.scap-new`, path);
}
