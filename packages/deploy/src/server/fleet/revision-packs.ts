import type { Readable } from "node:stream";
import {
  createPackStore,
  localLargeFiles,
  readShallow,
  type LargeFile,
  type PackStore,
  type Repository,
  type Submodule,
} from "@scap/git";
import type { HelloResult, PackRequest } from "../../protocol.ts";

/** A pack that is ready to be sent: the request, and how to read its payload. */
export type ReadyPack = Omit<PackRequest, "id" | "op"> & { readonly open: () => Readable };

/** Packs of the revision being deployed, made once for all hosts that have the same base. */
export interface RevisionPacks {
  /** The packs that a host with these facts lacks; none when the revision is there. */
  packsFor(hello: HelloResult): Promise<readonly ReadyPack[]>;
  /** Contents of large files that a host with these facts may lack, by the repository that they belong to. */
  largeFilesFor(hello: HelloResult): Promise<readonly LargeFileSet[]>;
  /** Removes what was made. */
  close(): Promise<void>;
}

/** Large files of the repository itself, or of one of its submodules. */
export interface LargeFileSet {
  readonly submodule?: string;
  readonly files: readonly LargeFile[];
}

export interface RevisionPacksOptions {
  readonly repository: Repository;
  readonly commit: string;
  /** Sent along with the revision, so that targets name revisions as the deploy server does. */
  readonly tag: string | null;
  /** Whether submodules are sent too. */
  readonly submodules: boolean;
  /** Whether the contents of files that git-lfs keeps are sent too. */
  readonly largeFiles: boolean;
}

/** Makes {@link RevisionPacks} that pack when the first host asks. */
export function createRevisionPacks(options: RevisionPacksOptions): RevisionPacks {
  let opened: Promise<Source> | undefined;
  /** Opened once; a failure is not remembered, so that the next host may try again. */
  const source = async (): Promise<Source> => {
    opened ??= open(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return await opened;
  };
  let largeFiles: Promise<readonly LargeFileSet[]> | undefined;
  return {
    largeFilesFor: async (hello) => {
      if (!options.largeFiles || hello.completeRevisions.includes(options.commit)) return [];
      const { submodules } = await source();
      largeFiles ??= findLargeFiles(options, submodules);
      return await largeFiles;
    },
    packsFor: async (hello) => {
      if (hello.completeRevisions.includes(options.commit)) return [];
      return readyPacks(await source(), options, hello);
    },
    close: async () => {
      const left = await opened?.catch(() => undefined);
      await left?.store.dispose();
    },
  };
}

interface Source {
  readonly store: PackStore;
  readonly submodules: readonly Submodule[];
  readonly shallow: readonly string[];
  /** The tag's own object; packing it packs the commit. */
  readonly tip: string;
  readonly refs: Readonly<Record<string, string>>;
}

async function open({ commit, repository, submodules, tag }: RevisionPacksOptions): Promise<Source> {
  const store = await createPackStore(repository);
  const listed = submodules ? await repository.submodules(commit) : [];
  const shallow = await readShallow(repository.commonDirectory);
  if (tag === null) return { store, shallow, submodules: listed, tip: commit, refs: {} };
  const { stdout } = await repository.git(["rev-parse", "--verify", `refs/tags/${tag}`]);
  const tip = stdout.trim();
  return { store, shallow, submodules: listed, tip, refs: { [`refs/tags/${tag}`]: tip } };
}

async function readyPacks(
  source: Source,
  { commit }: RevisionPacksOptions,
  hello: HelloResult,
): Promise<ReadyPack[]> {
  const main = await source.store.pack({ commit: source.tip, bases: hello.bases });
  const shallow = source.shallow.length === 0 ? {} : { shallow: source.shallow };
  const packs: ReadyPack[] = [{ ...toReady({ ...main, commit }, source.refs), ...shallow }];
  for (const { commit: recorded, gitDirectory, modulePath } of source.submodules) {
    if (gitDirectory === undefined) continue;
    const pack = await source.store.pack({
      commit: recorded,
      bases: hello.submoduleBases[modulePath] ?? [],
      gitDirectory,
    });
    const ends = await readShallow(gitDirectory);
    if (!pack.isEmpty) {
      packs.push({
        ...toReady(pack, {}),
        submodule: modulePath,
        ...(ends.length === 0 ? {} : { shallow: ends }),
      });
    }
  }
  return packs;
}

async function findLargeFiles(
  { commit, repository }: RevisionPacksOptions,
  submodules: readonly Submodule[],
): Promise<LargeFileSet[]> {
  const own = { files: await localLargeFiles(repository.commonDirectory, commit) };
  const theirs = await Promise.all(
    submodules.map(async ({ commit: recorded, gitDirectory, modulePath }) => ({
      submodule: modulePath,
      files: gitDirectory === undefined ? [] : await localLargeFiles(gitDirectory, recorded),
    })),
  );
  return [own, ...theirs].filter(({ files }) => files.length > 0);
}

function toReady(
  pack: Awaited<ReturnType<PackStore["pack"]>>,
  refs: Readonly<Record<string, string>>,
): ReadyPack {
  const { bases, commit, indexBytes, payloadBytes, sha256 } = pack;
  return { bases, commit, indexBytes, payloadBytes, sha256, refs, open: () => pack.open() };
}
