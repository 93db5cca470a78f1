import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { RepositoryPaths } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** The header of a pack; its checksum follows. */
const EMPTY_PACK_BYTES = 12;

/** What to pack, and for whom. */
export interface PackOptions {
  readonly commit: string;
  /** Commits whose whole history the receiver has. Those unknown here are ignored. */
  readonly bases?: readonly string[];
  /** Git directory to pack from, for a submodule. @defaultValue the repository's own */
  readonly gitDirectory?: string;
  /** Where the files are written. @defaultValue `scap-packs` in the git directory */
  readonly directory?: string;
  readonly signal?: AbortSignal;
}

/**
 * A pack that is complete by itself together with its index, so that a receiver can put both in place without running
 * git: the first `packBytes` of the payload are the pack, the rest is the index.
 */
export interface RevisionPack {
  readonly commit: string;
  /** The bases that count: known here, in a fixed order. Equal sets share one pack. */
  readonly bases: readonly string[];
  /** True when the receiver has everything; the payload is empty then. */
  readonly isEmpty: boolean;
  readonly packBytes: number;
  readonly indexBytes: number;
  /** `packBytes + indexBytes`. */
  readonly payloadBytes: number;
  /** SHA-256 of the payload, hexadecimal. */
  readonly sha256: string;
  /** Name of the pack in a repository, without ending: `pack-<id>`. */
  readonly name: string;
  /** Reads the payload from the start; every receiver gets its own stream. */
  open(): Readable;
  /** Deletes the files. */
  remove(): Promise<void>;
}

/**
 * Packs everything between `bases` and `commit`, in at most two git processes.
 *
 * @throws {@link GitError}
 */
export async function packRevision(repository: RepositoryPaths, options: PackOptions): Promise<RevisionPack> {
  const gitDirectory = options.gitDirectory ?? repository.commonDirectory;
  const bases = await knownBases(gitDirectory, options);
  const parent = options.directory ?? join(gitDirectory, "scap-packs");
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, `${process.pid}-`));
  try {
    const id = await writePack(gitDirectory, directory, options, bases);
    return await describePack(directory, id, options.commit, bases);
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    throw cause;
  }
}

/** The bases that are commits here, in a fixed order. One that is not cannot be excluded: the pack is larger, but right. */
export async function knownBases(
  gitDirectory: string,
  options: Pick<PackOptions, "bases" | "signal">,
): Promise<string[]> {
  const wanted = [...new Set(options.bases ?? [])].filter((id) => /^[0-9a-f]{40,64}$/.test(id)).toSorted();
  if (wanted.length === 0) return [];
  const { stdout } = await runGit(["--git-dir", gitDirectory, "cat-file", "--batch-check"], {
    input: `${wanted.join("\n")}\n`,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return stdout
    .split("\n")
    .filter((line) => line.includes(" commit "))
    .map((line) => line.slice(0, line.indexOf(" ")));
}

async function writePack(
  gitDirectory: string,
  directory: string,
  options: PackOptions,
  bases: readonly string[],
): Promise<string> {
  const { stdout } = await runGit(
    [
      "--git-dir",
      gitDirectory,
      "-c",
      "pack.writeReverseIndex=false",
      "-c",
      "pack.packSizeLimit=0",
      "pack-objects",
      "--quiet",
      "--revs",
      "--delta-base-offset",
      join(directory, "pack"),
    ],
    {
      input: `${options.commit}\n${bases.map((base) => `^${base}\n`).join("")}`,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  return stdout.trim();
}

async function describePack(
  directory: string,
  id: string,
  commit: string,
  bases: readonly string[],
): Promise<RevisionPack> {
  const remove = async (): Promise<void> => await rm(directory, { recursive: true, force: true });
  const pack = join(directory, `pack-${id}.pack`);
  const index = join(directory, `pack-${id}.idx`);
  const payload = join(directory, "payload");
  const [packBytes, indexBytes] = [(await stat(pack)).size, (await stat(index)).size];
  if (packBytes <= EMPTY_PACK_BYTES + commit.length / 2) return { ...emptyPack(commit, bases), remove };
  // Git makes packs that not even their owner may write.
  await chmod(pack, 0o600);
  await pipeline(createReadStream(index), createWriteStream(pack, { flags: "a" }));
  await rm(index);
  await rename(pack, payload);
  const hash = createHash("sha256");
  await pipeline(createReadStream(payload), hash);
  return {
    commit,
    bases,
    isEmpty: false,
    packBytes,
    indexBytes,
    payloadBytes: packBytes + indexBytes,
    sha256: hash.digest("hex"),
    name: `pack-${id}`,
    remove,
    open: () => createReadStream(payload, { highWaterMark: 64 * 1024 }),
  };
}

function emptyPack(commit: string, bases: readonly string[]): Omit<RevisionPack, "remove"> {
  return {
    commit,
    bases,
    isEmpty: true,
    packBytes: 0,
    indexBytes: 0,
    payloadBytes: 0,
    name: "",
    sha256: createHash("sha256").digest("hex"),
    open: () => Readable.from([]),
  };
}
