import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { EXACT_SETTINGS } from "./exact-settings.ts";

/** How {@link initRepository} sets a repository up. */
export interface InitRepositoryOptions {
  /** Commit of a detached `HEAD`. Absent: `HEAD` is the unborn branch `main`. */
  readonly head?: string;
  /** Object directory to share, absolute. Must not be pruned while this repository exists. */
  readonly alternate?: string;
  /** URL of the remote `origin`. */
  readonly origin?: string;
  /** @defaultValue "sha1" */
  readonly objectFormat?: ObjectFormat;
  /** Where git-lfs fetches large files from. */
  readonly lfsUrl?: string;
  /** Working tree of a git directory that is not called `.git`, relative to it. */
  readonly worktree?: string;
}

/** How a repository names its objects. */
export type ObjectFormat = "sha1" | "sha256";

/** The object format that an object id belongs to. */
export function objectFormatOf(id: string): ObjectFormat {
  return id.length === 64 ? "sha256" : "sha1";
}

/**
 * Makes `<directory>/.git` by hand: what `git init` and `git clone --shared --no-checkout` would make, without their
 * processes and without templates. Hooks are thus never installed.
 */
export async function initRepository(directory: string, options: InitRepositoryOptions = {}): Promise<void> {
  await initGitDirectory(join(directory, ".git"), options);
}

/** Like {@link initRepository}, for a git directory with any name, such as that of a submodule. */
export async function initGitDirectory(
  gitDirectory: string,
  options: InitRepositoryOptions = {},
): Promise<void> {
  const { head, alternate } = options;
  await mkdir(join(gitDirectory, "objects", "pack"), { recursive: true });
  await Promise.all(
    [["objects", "info"], ["refs", "heads"], ["refs", "tags"], ["info"]].map(async (path) =>
      mkdir(join(gitDirectory, ...path), { recursive: true }),
    ),
  );
  if (alternate !== undefined) {
    await writeFile(join(gitDirectory, "objects", "info", "alternates"), `${alternateLine(alternate)}\n`);
  }
  await writeFile(join(gitDirectory, "config"), configuration(options));
  await writeFile(join(gitDirectory, "HEAD"), head === undefined ? "ref: refs/heads/main\n" : `${head}\n`);
}

/** Nothing here may be pruned or repacked by chance: other repositories may share the objects. */
function configuration({ lfsUrl, objectFormat, origin, worktree }: InitRepositoryOptions): string {
  const isSha256 = objectFormat === "sha256";
  const lines = [
    "[core]",
    `\trepositoryformatversion = ${isSha256 ? 1 : 0}`,
    "\tbare = false",
    "\tlogallrefupdates = true",
    ...Object.entries(EXACT_SETTINGS).map(([name, value]) => `\t${name.replace("core.", "")} = ${value}`),
    ...(worktree === undefined ? [] : [`\tworktree = ${quoteValue(worktree)}`]),
    ...(isSha256 ? ["[extensions]", "\tobjectformat = sha256"] : []),
    "[gc]",
    "\tauto = 0",
    "\tpruneExpire = never",
    ...(origin === undefined ? [] : ['[remote "origin"]', `\turl = ${quoteValue(origin)}`]),
    ...(origin === undefined ? [] : ["\tfetch = +refs/heads/*:refs/remotes/origin/*"]),
    ...(lfsUrl === undefined ? [] : ["[lfs]", `\turl = ${quoteValue(lfsUrl)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** One path a line; git reads a line in quotes as it writes names in them. */
function alternateLine(path: string): string {
  return path.includes("\n") ? quoteValue(path) : path;
}

function quoteValue(value: string): string {
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
