import { runGit, type Repository, type Submodule } from "@scap/git";

/** What a revision takes on a target when it is checked out. */
export interface RevisionSize {
  readonly bytes: number;
  /** Files and directories. */
  readonly entries: number;
}

/** File systems give out room in blocks of this many bytes. */
const BLOCK_BYTES = 4_096;

/** Adds up the files of a revision and of its submodules. Files kept by git-lfs count as their pointers. */
export async function revisionSize(
  repository: Repository,
  commit: string,
  submodules: readonly Submodule[],
): Promise<RevisionSize> {
  const trees = [
    { gitDirectory: repository.commonDirectory, commit },
    ...submodules.map((each) => ({
      gitDirectory: `${repository.commonDirectory}/${each.modulePath}`,
      commit: each.commit,
    })),
  ];
  const sizes = await Promise.all(trees.map(treeSize));
  return {
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    entries: sizes.reduce((sum, { entries }) => sum + entries, 0),
  };
}

async function treeSize({
  commit,
  gitDirectory,
}: {
  commit: string;
  gitDirectory: string;
}): Promise<RevisionSize> {
  const { stdout } = await runGit(["ls-tree", "-r", "-t", "-l", "-z", commit], { cwd: gitDirectory });
  let [bytes, entries] = [0, 0];
  for (const entry of stdout.split("\0")) {
    if (entry === "") continue;
    entries++;
    const size = Number(/^\d+ \w+ \w+ +(\d+|-)\t/.exec(entry)?.[1]);
    bytes += Math.ceil((Number.isNaN(size) ? BLOCK_BYTES : size) / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return { bytes, entries };
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
