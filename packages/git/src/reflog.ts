import { runGit } from "./run-git.ts";

/**
 * Where a branch, or `HEAD`, has been on this disk: one line an entry, the newest first.
 *
 * @param format - as `git log` takes it. @defaultValue `oneline`
 */
export async function reflog(
  directory: string,
  options: { format?: string; branch?: string } = {},
): Promise<string[]> {
  const { branch = "HEAD", format = "oneline" } = options;
  const args = ["log", "--walk-reflogs", `--format=${format}`, "--end-of-options", branch];
  const { stdout } = await runGit(args, { cwd: directory });
  return stdout.split("\n").filter((line) => line !== "");
}
