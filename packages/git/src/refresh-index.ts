import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { GitCommandError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** In the git directory: the date that {@link dateIndex} gave to the index. A git that writes the index gives it another. */
const INDEX_DATE = "scap-index-date";

/**
 * Dates the index of a working tree after all files that are there now, so that {@link refreshIndex} can tell what was
 * changed since. To be called right after a checkout to a place that nobody else knows yet: what was edited before counts
 * as checked out.
 */
export async function dateIndex(directory: string): Promise<void> {
  const index = join(directory, ".git", "index");
  const { atime, mtime } = await stat(index);
  await utimes(index, atime, mtime);
  // The system has dated that change, and its clock for files runs a little behind that of programs. What it dates the
  // same from now on is newer.
  const { ctimeMs } = await stat(index);
  await utimes(index, atime, new Date(Math.floor(ctimeMs) - 1));
  const { mtimeNs } = await stat(index, { bigint: true });
  await writeFile(join(directory, ".git", INDEX_DATE), `${mtimeNs}\n`);
}

/**
 * Sees to it that later looks at a working tree need not read the files that are as old as the index: git cannot tell
 * whether these were edited after they were noted within one second. Call this in a later second than that of the
 * checkout. Where no file is newer than {@link dateIndex} a new date is all; else git compares the files.
 *
 * Files that differ stay what they are to git: edited. An index that cannot be written stays as it is.
 */
export async function refreshIndex(
  directory: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (await isAsDated(directory, options)) return;
  try {
    await runGit(["update-index", "-q", "--refresh"], { ...options, cwd: directory, acceptStatus: [1] });
  } catch (cause) {
    if (!(cause instanceof GitCommandError)) throw cause;
  }
}

/** Dates the index anew if no file was changed since it was dated; else, and in doubt, git has to look. */
async function isAsDated(directory: string, options: { readonly signal?: AbortSignal }): Promise<boolean> {
  const now = new Date();
  const index = join(directory, ".git", "index");
  try {
    const date = await readFile(join(directory, ".git", INDEX_DATE), "utf8");
    const { mtimeNs } = await stat(index, { bigint: true });
    if (date !== `${mtimeNs}\n`) return false;
    // Not every find knows this; one that does needs an eighth of the time in which git reads the files.
    const args = [".", "-name", ".git", "-prune", "-o", "!", "-type", "d", "-newercm", ".git/index"];
    const found = await runGit([...args, "-print", "-quit"], { ...options, cwd: directory, program: "find" });
    if (found.stdout !== "") return false;
    await utimes(index, now, now);
    return true;
  } catch {
    return false;
  }
}
