import type { Readable } from "node:stream";
import { createPackStore, type PackStore, type Repository, type Submodule } from "@scap/git";
import type { HelloResult, PackRequest } from "../protocol.ts";

/** A pack that is ready to be sent: the request, and how to read its payload. */
export type ReadyPack = Omit<PackRequest, "id" | "op"> & { readonly open: () => Readable };

/** Packs of the revision being deployed, made once for all hosts that have the same base. */
export interface RevisionPacks {
  /** The packs that a host with these facts lacks; none when the revision is there. */
  packsFor(hello: HelloResult): Promise<readonly ReadyPack[]>;
  /** Removes what was made. */
  close(): Promise<void>;
}

export interface RevisionPacksOptions {
  readonly repository: Repository;
  readonly commit: string;
  /** Sent along with the revision, so that targets name revisions as the deploy server does. */
  readonly tag: string | null;
  /** Whether submodules are sent too. */
  readonly submodules: boolean;
}

/** Makes {@link RevisionPacks} that pack when the first host asks. */
export function createRevisionPacks(options: RevisionPacksOptions): RevisionPacks {
  let opened: Promise<Source> | undefined;
  return {
    packsFor: async (hello) => {
      if (hello.completeRevisions.includes(options.commit)) return [];
      opened ??= open(options);
      return readyPacks(await opened, options, hello);
    },
    close: async () => {
      const source = await opened?.catch(() => undefined);
      await source?.store.dispose();
    },
  };
}

interface Source {
  readonly store: PackStore;
  readonly submodules: readonly Submodule[];
  /** The tag's own object; packing it packs the commit. */
  readonly tip: string;
  readonly refs: Readonly<Record<string, string>>;
}

async function open({ commit, repository, submodules, tag }: RevisionPacksOptions): Promise<Source> {
  const store = await createPackStore(repository);
  const listed = submodules ? await repository.submodules(commit) : [];
  if (tag === null) return { store, submodules: listed, tip: commit, refs: {} };
  const { stdout } = await repository.git(["rev-parse", "--verify", `refs/tags/${tag}`]);
  const tip = stdout.trim();
  return { store, submodules: listed, tip, refs: { [`refs/tags/${tag}`]: tip } };
}

async function readyPacks(
  source: Source,
  { commit, repository }: RevisionPacksOptions,
  hello: HelloResult,
): Promise<ReadyPack[]> {
  const main = await source.store.pack({ commit: source.tip, bases: hello.bases });
  const packs = [toReady({ ...main, commit }, source.refs)];
  for (const { commit: recorded, modulePath } of source.submodules) {
    const pack = await source.store.pack({
      commit: recorded,
      bases: hello.submoduleBases[modulePath] ?? [],
      gitDirectory: `${repository.commonDirectory}/${modulePath}`,
    });
    if (!pack.isEmpty) packs.push({ ...toReady(pack, {}), submodule: modulePath });
  }
  return packs;
}

function toReady(
  pack: Awaited<ReturnType<PackStore["pack"]>>,
  refs: Readonly<Record<string, string>>,
): ReadyPack {
  const { bases, commit, indexBytes, payloadBytes, sha256 } = pack;
  return { bases, commit, indexBytes, payloadBytes, sha256, refs, open: () => pack.open() };
}
