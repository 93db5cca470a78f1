import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { resolveGitDirectory } from "./git-directory.ts";
import { identityEnvironment, systemIdentity } from "./identity.ts";
import { runGit } from "./run-git.ts";
import { directoryKind, requireTopLevel } from "./top-level.ts";

/** Files that a repository of generated content does not keep. */
export const DEFAULT_IGNORES: readonly string[] = ["*~", "*.swp", "*/cache/l10n/*.cdb", "scap/log/*"];

/** Whether a file or directory differs from what is staged, or is untracked. Ignored files do not count. */
export async function hasWorktreeChanges(directory: string, path: string): Promise<boolean> {
  const { stdout } = await runGit(["status", "--porcelain=v2", "-z", "--", path], { cwd: directory });
  return stdout.split("\0").some((line) => line.startsWith("? ") || /^[12u] .[^.] /.test(line));
}

/** Adds patterns to `.git/info/exclude`, so that no file of the working tree is touched. */
export async function ignorePatterns(
  directory: string,
  patterns: readonly string[] = DEFAULT_IGNORES,
): Promise<void> {
  const file = join(await resolveGitDirectory(directory), "info", "exclude");
  await mkdir(dirname(file), { recursive: true });
  const known = new Set((await readFile(file, "utf8").catch(() => "")).split("\n"));
  const missing = patterns.filter((pattern) => !known.has(pattern));
  if (missing.length > 0) await appendFile(file, `${missing.join("\n")}\n`);
}

/**
 * Commits everything in a directory of generated files, which becomes a repository if it is none. Hooks and signing do
 * not apply.
 *
 * @returns whether there was anything to commit
 * @throws {@link GitError} `NOT_TOP_LEVEL` for a directory inside of another repository
 */
export async function commitAll(directory: string, message = "Update"): Promise<boolean> {
  if ((await directoryKind(directory)) === "none") await runGit(["init", "--quiet"], { cwd: directory });
  await requireTopLevel(directory);
  await runGit(["add", "--all"], { cwd: directory });
  const staged = await runGit(["diff", "--cached", "--quiet"], { cwd: directory, acceptStatus: [1] });
  if (staged.exitCode === 0) return false;
  const settings = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];
  const identity = await runGit(["config", "--get-regexp", "^user\\.(name|email)$"], {
    cwd: directory,
    acceptStatus: [1],
  });
  const isKnown = identity.stdout.trim().split("\n").length === 2;
  await runGit([...settings, "commit", "--quiet", "-m", message], {
    cwd: directory,
    env: isKnown ? {} : identityEnvironment(await systemIdentity()),
  });
  return true;
}

/** Lets git tidy a repository up when it thinks that it is time. */
export async function collectGarbage(directory: string): Promise<void> {
  await runGit(["gc", "--quiet", "--auto"], { cwd: directory });
}
