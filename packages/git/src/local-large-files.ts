import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { GitCommandError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** The content of a large file that git-lfs keeps here. */
export interface LargeFile {
  /** SHA-256 of the content, hexadecimal. */
  readonly id: string;
  readonly bytes: number;
  /** Absolute path of the file with the content. */
  readonly path: string;
}

/** Where git-lfs keeps the content of a large file in a repository. */
export function largeFilePath(storage: string, id: string): string {
  return join(storage, "objects", id.slice(0, 2), id.slice(2, 4), id);
}

/**
 * The large files of a commit whose content is here, each once. Those that were never fetched are left out; so are all
 * of them where git-lfs is not installed.
 */
export async function localLargeFiles(gitDirectory: string, commit: string): Promise<LargeFile[]> {
  const git = ["--git-dir", gitDirectory];
  const ids = await largeFileIds([...git, "lfs", "ls-files", "--long", commit]);
  if (ids.length === 0) return [];
  const { stdout } = await runGit([...git, "config", "lfs.storage"], { acceptStatus: [1] });
  const storage = resolve(gitDirectory, stdout.trim() || "lfs");
  const found = await Promise.all(
    ids.map(async (id) => {
      const path = largeFilePath(storage, id);
      const bytes = await stat(path).then(
        ({ size }) => size,
        () => undefined,
      );
      return bytes === undefined ? [] : [{ id, bytes, path }];
    }),
  );
  return found.flat();
}

async function largeFileIds(args: readonly string[]): Promise<string[]> {
  try {
    const { stdout } = await runGit(args);
    return [...new Set(stdout.match(/^[0-9a-f]{64}(?= )/gm) ?? [])];
  } catch (cause) {
    if (cause instanceof GitCommandError && cause.code === "PROGRAM_MISSING") return [];
    throw cause;
  }
}
