import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Keeps paths out of `git status` of a revision: they are there by intent, and not in the repository.
 *
 * @param directory - of the revision
 * @param paths - relative and normal
 */
export async function excludeFromStatus(directory: string, paths: readonly string[]): Promise<void> {
  const info = join(directory, ".git", "info");
  await mkdir(info, { recursive: true });
  const file = join(info, "exclude");
  const known = new Set((await readFile(file, "utf8").catch(() => "")).split("\n"));
  const lines = paths.map((path) => `/${path.replaceAll(/[\\*?[ !#]/g, "\\$&")}`);
  const added = lines.filter((line) => !known.has(line)).map((line) => `${line}\n`);
  if (added.length > 0) await appendFile(file, added.join(""));
}
