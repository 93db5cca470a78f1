import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { currentBranch } from "./branch.ts";
import { gitInfo, gitInfoFile, gitInfoText, type GitInfo, type GitInfoOptions } from "./git-info.ts";
import { commonGitDirectory, resolveGitDirectory } from "./git-directory.ts";
import { listSubmodules } from "./submodules.ts";

/** Directories of a MediaWiki version that may hold separate checkouts. */
const SEPARATE = ["extensions", "skins", "vendor"];

/**
 * Writes the git information of a MediaWiki version and of everything checked out in it to `cache/gitinfo`. Files that
 * are right already are not touched, so that they need not be synchronised; those of directories that are gone are
 * removed.
 *
 * @param directory - of the version; its `cache` must exist
 * @returns what was found: the version, its submodules, then separate checkouts
 * @throws {@link GitError}
 */
export async function cacheGitInfo(directory: string): Promise<GitInfo[]> {
  const cacheDirectory = join(directory, "cache", "gitinfo");
  await mkdir(cacheDirectory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
  });
  const covered = new Set([directory]);
  const main = await gitInfo(directory);
  const wanted = await publicSubmodules(directory, main, covered);
  for (const name of SEPARATE) wanted.push(...(await separateCheckouts(join(directory, name), covered)));
  const infos = [main, ...(await inParallel(wanted, async (each) => await gitInfo(each.directory, each)))];
  await Promise.all(
    infos.map(async (info) => {
      await writeWhenDifferent(gitInfoFile(info["@directory"], directory, cacheDirectory), info);
    }),
  );
  const files = new Set(infos.map((info) => gitInfoFile(info["@directory"], directory, cacheDirectory)));
  for (const name of await readdir(cacheDirectory)) {
    const path = join(cacheDirectory, name);
    if (/^info.*\.json$/.test(name) && !files.has(path)) await rm(path);
  }
  return infos;
}

type Wanted = GitInfoOptions & { readonly directory: string };

/** At the commits that the public commit of the parent records, so that patches in submodules stay hidden. */
async function publicSubmodules(directory: string, parent: GitInfo, covered: Set<string>): Promise<Wanted[]> {
  const gitDirectory = await resolveGitDirectory(directory);
  const commonDirectory = await commonGitDirectory(gitDirectory);
  const submodules = await listSubmodules({ directory, gitDirectory, commonDirectory }, parent.headSHA1);
  const branch = parent.branch ?? (await currentBranch(directory));
  const wanted: Wanted[] = [];
  for (const { commit, path } of submodules.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const checkout = join(directory, path);
    if (!(await isCheckout(checkout))) continue;
    covered.add(checkout);
    wanted.push({ directory: checkout, head: commit, branch });
  }
  return wanted;
}

async function separateCheckouts(parent: string, covered: Set<string>): Promise<Wanted[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);
  const wanted: Wanted[] = [];
  for (const directory of [parent, ...names.toSorted().map((name) => join(parent, name))]) {
    if (covered.has(directory) || !(await isCheckout(directory))) continue;
    covered.add(directory);
    wanted.push({ directory });
    wanted.push(...(await publicSubmodules(directory, await gitInfo(directory), covered)));
  }
  return wanted;
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism() - 2) }, lane));
  return results;
}

async function writeWhenDifferent(path: string, info: GitInfo): Promise<void> {
  if (isDeepStrictEqual(await readJson(path), info)) return;
  const temporary = `${path}.new`;
  await writeFile(temporary, gitInfoText(info));
  await rename(temporary, path);
}

/** What a file says, however it is laid out; undefined where it is missing or damaged. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

async function isCheckout(directory: string): Promise<boolean> {
  return await access(join(directory, ".git")).then(
    () => true,
    () => false,
  );
}
