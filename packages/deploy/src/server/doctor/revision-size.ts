import { largeFilePointers, runGit, type Repository, type Submodule } from "@scap/git";

/** What a revision takes on a target when it is checked out. */
export interface RevisionSize {
  readonly bytes: number;
  /** Files and directories. */
  readonly entries: number;
}

/** File systems give out room in blocks of this many bytes. */
const BLOCK_BYTES = 4_096;

/** What {@link revisionSize} adds up. */
export interface RevisionSizeOptions {
  readonly repository: Repository;
  readonly commit: string;
  readonly submodules: readonly Submodule[];
  /** Whether files kept by git-lfs count as what their pointers stand for. */
  readonly largeFiles: boolean;
}

/** Adds up the files of a revision and of its submodules. */
export async function revisionSize(options: RevisionSizeOptions): Promise<RevisionSize> {
  const { commit, largeFiles, repository, submodules } = options;
  const trees = [
    { gitDirectory: repository.commonDirectory, commit },
    ...submodules.flatMap((each) =>
      each.gitDirectory === undefined ? [] : [{ gitDirectory: each.gitDirectory, commit: each.commit }],
    ),
  ];
  const sizes = await Promise.all([...trees.map(treeSize), ...(largeFiles ? trees.map(largeFilesSize) : [])]);
  return {
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    entries: sizes.reduce((sum, { entries }) => sum + entries, 0),
  };
}

interface Tree {
  readonly commit: string;
  readonly gitDirectory: string;
}

async function treeSize({ commit, gitDirectory }: Tree): Promise<RevisionSize> {
  const { stdout } = await runGit(["ls-tree", "-r", "-t", "-l", "-z", commit], { cwd: gitDirectory });
  let [bytes, entries] = [0, 0];
  for (const entry of stdout.split("\0")) {
    if (entry === "") continue;
    entries++;
    const size = Number(/^\d+ \w+ \w+ +(\d+|-)\t/.exec(entry)?.[1]);
    bytes += inBlocks(Number.isNaN(size) ? BLOCK_BYTES : size);
  }
  return { bytes, entries };
}

async function largeFilesSize({ commit, gitDirectory }: Tree): Promise<RevisionSize> {
  const files = await largeFilePointers(gitDirectory, commit);
  return { bytes: files.reduce((sum, { bytes }) => sum + inBlocks(bytes), 0), entries: 0 };
}

function inBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Bytes of large files that a target with `base` lacks for `commit`: they are kept beside the checkout too. */
export async function largeFileBytes(
  { commonDirectory }: Repository,
  commit: string,
  base: string | null,
): Promise<number> {
  const wanted = await largeFilePointers(commonDirectory, commit);
  // A base that is not known here is no base.
  const known = base === null ? [] : await largeFilePointers(commonDirectory, base).catch(() => []);
  const sizes = new Map(wanted.map(({ bytes, id }) => [id, bytes]));
  for (const { id } of known) sizes.delete(id);
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * Bytes of objects that a target with `base` lacks for `commit`, as they are stored here.
 *
 * @returns undefined when git cannot tell
 */
export async function objectBytes(
  repository: Repository,
  commit: string,
  base: string | null,
): Promise<number | undefined> {
  const count = async (without: readonly string[]): Promise<number | undefined> => {
    const answer = await repository
      .git(["rev-list", "--objects", "--disk-usage", commit, ...without])
      .catch(() => undefined);
    return answer === undefined ? undefined : Number(answer.stdout.trim());
  };
  // A base that is not known here is no base: everything is sent.
  return (base === null ? undefined : await count(["--not", base])) ?? (await count([]));
}
