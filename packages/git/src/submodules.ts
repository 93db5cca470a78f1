import { join } from "node:path";
import { access } from "node:fs/promises";

import { resolveGitDirectory } from "./git-directory.ts";
import type { RepositoryPaths } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** A submodule of a commit. */
export interface Submodule {
  /** Path in the working tree of the outermost repository. */
  readonly path: string;
  /** Name in `.gitmodules`; its repository is `modules/<name>` in the git directory of its parent. */
  readonly name: string;
  /** URL as written in `.gitmodules`. */
  readonly url: string;
  /** The commit that the parent records. */
  readonly commit: string;
  /** Path below the outermost git directory: `modules/<name>`, nested ones `modules/<a>/modules/<b>`. */
  readonly modulePath: string;
  /** Where its repository is here; undefined when it is not initialised. */
  readonly gitDirectory: string | undefined;
}

/** What `.gitmodules` says about one submodule. */
export interface SubmoduleEntry {
  readonly path?: string;
  readonly url?: string;
}

/**
 * Submodules of `commit`, parents before children. Those whose repository is not here (not initialised) are listed too,
 * but what is nested in them cannot be known.
 */
export async function listSubmodules(repository: RepositoryPaths, commit: string): Promise<Submodule[]> {
  const { commonDirectory, directory, gitDirectory } = repository;
  const outermost = { git: commonDirectory, homes: [gitDirectory, commonDirectory], worktree: directory };
  return await listIn(outermost, commit, { path: "", modulePath: "" });
}

/** A repository whose submodules are listed. */
interface Parent {
  readonly git: string;
  /** Git directories that may have `modules`: a worktree has its own. */
  readonly homes: readonly string[];
  readonly worktree: string;
}

async function listIn(
  parent: Parent,
  commit: string,
  prefix: { path: string; modulePath: string },
): Promise<Submodule[]> {
  const entries = await parseSubmodules(parent.git, commit);
  if (entries.size === 0) return [];
  const commits = await gitlinks(parent.git, commit);
  const found: Submodule[] = [];
  for (const [name, entry] of entries) {
    const recorded = entry.path === undefined ? undefined : commits.get(entry.path);
    if (entry.path === undefined || recorded === undefined || !isSafeName(name)) continue;
    const modulePath = join(prefix.modulePath, "modules", name);
    const path = join(prefix.path, entry.path);
    const own = await findRepository(parent, name, entry.path);
    found.push({ path, name, url: entry.url ?? "", commit: recorded, modulePath, gitDirectory: own });
    if (own === undefined) continue;
    const child = { git: own, homes: [own], worktree: join(parent.worktree, entry.path) };
    found.push(...(await listIn(child, recorded, { path, modulePath })));
  }
  return found;
}

/** Below the git directory, where git keeps it, or in the working tree itself, where very old versions did. */
async function findRepository(parent: Parent, name: string, path: string): Promise<string | undefined> {
  for (const home of parent.homes) {
    const own = join(home, "modules", name);
    if (await isPresent(join(own, "HEAD"))) return own;
  }
  const inside = await resolveGitDirectory(join(parent.worktree, path)).catch(() => undefined);
  return inside !== undefined && (await isPresent(join(inside, "HEAD"))) ? inside : undefined;
}

/** A name becomes part of a path, so it must not climb out of `modules`. */
function isSafeName(name: string): boolean {
  return name !== "" && !name.startsWith("/") && !name.split("/").includes("..");
}

/**
 * Reads `.gitmodules` of a commit with git's own configuration parser.
 *
 * @returns name to path and URL, in file order; empty when the commit has no `.gitmodules`.
 */
export async function parseSubmodules(
  gitDirectory: string,
  commit: string,
): Promise<Map<string, SubmoduleEntry>> {
  const { stdout, exitCode, stderr } = await runGit(
    ["--git-dir", gitDirectory, "config", "--blob", `${commit}:.gitmodules`, "-z", "--list"],
    { acceptStatus: [128] },
  );
  if (exitCode === 0) return collect(stdout);
  if (/unable to resolve config blob/.test(stderr)) return new Map();
  // Runs again only to report the syntax error in git's words.
  await runGit(["--git-dir", gitDirectory, "config", "--blob", `${commit}:.gitmodules`, "--list"]);
  return new Map();
}

function collect(listing: string): Map<string, SubmoduleEntry> {
  const entries = new Map<string, SubmoduleEntry>();
  for (const item of listing.split("\0")) {
    const match = /^submodule\.(.+)\.(path|url)\n([\s\S]*)$/.exec(item);
    if (match === null) continue;
    const [, name = "", key = "", value = ""] = match;
    entries.set(name, { ...entries.get(name), [key]: value });
  }
  return entries;
}

async function gitlinks(gitDirectory: string, commit: string): Promise<Map<string, string>> {
  const { stdout } = await runGit(["--git-dir", gitDirectory, "ls-tree", "-r", "-z", "--full-tree", commit]);
  const links = new Map<string, string>();
  for (const line of stdout.split("\0")) {
    const match = /^160000 commit ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
    if (match !== null) links.set(match[2] ?? "", match[1] ?? "");
  }
  return links;
}

async function isPresent(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
