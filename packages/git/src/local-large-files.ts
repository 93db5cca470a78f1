import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { GitCommandError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** What a pointer in a commit stands for. */
export interface LargeFilePointer {
  /** SHA-256 of the content, hexadecimal. */
  readonly id: string;
  readonly bytes: number;
}

/** The content of a large file that git-lfs keeps here. */
export interface LargeFile extends LargeFilePointer {
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
  const ids = [...new Set((await largeFilesOf(gitDirectory, commit)).map(({ id }) => id))];
  if (ids.length === 0) return [];
  const { stdout } = await runGit(["--git-dir", gitDirectory, "config", "lfs.storage"], {
    acceptStatus: [1],
  });
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

/**
 * What the pointers in a commit stand for, one for each file, wherever the content is; none where git-lfs is not
 * installed.
 */
export async function largeFilePointers(gitDirectory: string, commit: string): Promise<LargeFilePointer[]> {
  const files = await largeFilesOf(gitDirectory, commit);
  if (files.length === 0) return [];
  const { stdout } = await runGit(["--git-dir", gitDirectory, "cat-file", "--batch"], {
    input: files.map(({ path }) => `${commit}:${path}\n`).join(""),
  });
  const pointers = stdout.matchAll(/^oid sha256:([0-9a-f]{64})\nsize (\d+)$/gm);
  return Array.from(pointers, ([, id = "", bytes = ""]) => ({ id, bytes: Number(bytes) }));
}

/** Old versions of git-lfs tell no sizes that can be read. */
async function largeFilesOf(gitDirectory: string, commit: string): Promise<{ id: string; path: string }[]> {
  try {
    const { stdout } = await runGit(["--git-dir", gitDirectory, "lfs", "ls-files", "--long", commit]);
    const lines = stdout.matchAll(/^([0-9a-f]{64}) [*-] (.+)$/gm);
    return Array.from(lines, ([, id = "", path = ""]) => ({ id, path }));
  } catch (cause) {
    if (cause instanceof GitCommandError && cause.code === "PROGRAM_MISSING") return [];
    throw cause;
  }
}

/** Whether a working tree has pointers in the places of large files. */
export async function hasLargeFilePointers(directory: string): Promise<boolean> {
  const { stdout } = await runGit(["lfs", "ls-files"], { cwd: directory });
  return /^[0-9a-f]+ - /m.test(stdout);
}
