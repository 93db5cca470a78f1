import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

import { knownBases, packRevision, type RevisionPack } from "./pack-revision.ts";
import type { RepositoryPaths } from "./repository.ts";

/** Packs of one deployment: each distinct set of bases is packed once, however many targets ask for it. */
export interface PackStore {
  /** The pack for a receiver that has `bases`. */
  pack(options: PackStoreRequest): Promise<RevisionPack>;
  /** Deletes all pack files. */
  dispose(): Promise<void>;
}

/** What {@link PackStore.pack} needs. */
export interface PackStoreRequest {
  readonly commit: string;
  readonly bases: readonly string[];
  /** Git directory to pack from, for a submodule. @defaultValue the repository's own */
  readonly gitDirectory?: string;
}

/** Opens a store for the packs of `repository`; files that killed processes left behind are deleted. */
export async function createPackStore(
  repository: RepositoryPaths,
  options: { signal?: AbortSignal } = {},
): Promise<PackStore> {
  const directory = join(repository.commonDirectory, "scap-packs");
  await removeLeftovers(directory);
  const byRequest = new Map<string, Promise<RevisionPack>>();
  const byKnownBases = new Map<string, Promise<RevisionPack>>();

  const create = async (request: PackStoreRequest): Promise<RevisionPack> => {
    const gitDirectory = request.gitDirectory ?? repository.commonDirectory;
    const bases = await knownBases(gitDirectory, { ...request, ...options });
    const key = [gitDirectory, request.commit, ...bases].join("\n");
    return await remember(byKnownBases, key, async () =>
      packRevision(repository, { ...options, gitDirectory, commit: request.commit, bases, directory }),
    );
  };
  return {
    pack: async (request) => {
      const key = [request.gitDirectory ?? "", request.commit, ...request.bases.toSorted()].join("\n");
      return await remember(byRequest, key, async () => create(request));
    },
    dispose: async () => {
      const packs = await Promise.allSettled(byKnownBases.values());
      for (const pack of packs) if (pack.status === "fulfilled") await pack.value.remove();
      await rmdir(directory).catch(() => undefined);
    },
  };
}

/** A failure is not remembered, so that the next request may try again. */
async function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return await known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return await made;
}

async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = Number(name.split("-")[0]);
    // What another operator left behind is theirs to remove.
    if (pid > 0 && !isAlive(pid)) await rm(join(directory, name), { recursive: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
