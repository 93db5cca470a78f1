import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { largeFilePath } from "@scap/git";

import type { LargeFileRequest, LargeFilesRequest } from "../../protocol.ts";
import { submoduleDirectory } from "./receive-pack.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/** The large files that are not in the cache, or not with the right size. */
export async function missingLargeFiles(
  paths: TargetPaths,
  { files, submodule }: LargeFilesRequest,
): Promise<string[]> {
  const missing = await Promise.all(
    files.map(async ({ bytes, id }) => {
      const found = await stat(cachedPath(paths, submodule, id)).catch(() => undefined);
      return found?.size === bytes ? [] : [id];
    }),
  );
  return missing.flat();
}

/**
 * Puts the content of a large file into the cache, from where git-lfs takes it without asking any server.
 *
 * @throws TargetWorkError `LARGE_FILE_DAMAGED` when the content is not what its id says; nothing is added then
 */
export async function receiveLargeFile(
  paths: TargetPaths,
  { fileId, submodule }: LargeFileRequest,
  { payload, signal }: { payload: Readable; signal: AbortSignal },
): Promise<void> {
  const path = cachedPath(paths, submodule, fileId);
  const temporary = `${path}.${process.pid}.scap-new`;
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash("sha256");
  try {
    const hashed = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(payload, hashed, createWriteStream(temporary, { mode: 0o444 }), { signal });
    if (hash.digest("hex") !== fileId) throw damaged(fileId);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function cachedPath(paths: TargetPaths, submodule: string | undefined, id: string): string {
  if (!/^[0-9a-f]{64}$/.test(id)) {
    throw new TargetWorkError(`${JSON.stringify(id)} is not the id of a large file`, { code: "PROTOCOL" });
  }
  const gitDirectory = submodule === undefined ? paths.cacheGit : submoduleDirectory(paths, submodule);
  return largeFilePath(join(gitDirectory, "lfs"), id);
}

function damaged(id: string): TargetWorkError {
  return new TargetWorkError(`Large file ${id.slice(0, 12)} was damaged on its way`, {
    code: "LARGE_FILE_DAMAGED",
    hint: "Deploy again; check the file on the deploy server with git lfs fsck.",
  });
}
