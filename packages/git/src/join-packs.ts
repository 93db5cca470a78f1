import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { gitVersion, isGitAtLeast } from "./git-version.ts";
import { runGit } from "./run-git.ts";

/** So many packs cost nobody anything. */
const FEW_PACKS = 12;

/** Packs from this size on are left alone: rewriting them would take longer than they cost, in bytes. */
const LARGE_PACK_BYTES = 64 * 1024 * 1024;

/**
 * Joins the small packs of a repository, which gets another one with every delivery. Nothing happens while they are few;
 * no object is dropped.
 *
 * @throws {@link GitError}; the packs are as they were then
 */
export async function joinPacks(gitDirectory: string, options: { signal?: AbortSignal } = {}): Promise<void> {
  const directory = join(gitDirectory, "objects", "pack");
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".pack"));
  const sizes = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(join(directory, name))).size })),
  );
  const large = sizes.filter(({ bytes }) => bytes >= LARGE_PACK_BYTES);
  if (names.length - large.length <= FEW_PACKS) return;
  const kept = large.map(({ name }) => `--keep-pack=${name}`);
  const version = await gitVersion(options);
  const canChoose = version === undefined || isGitAtLeast(version, "2.32");
  // An older git joins all that are not large, and is told to keep what no reference leads to.
  const choice = canChoose ? ["--geometric=2"] : ["-a", "-k"];
  await runGit(["--git-dir", gitDirectory, "repack", ...choice, "-d", "-n", "-q", ...kept], options);
}
