import type { Repository } from "@scap/git";
import { DeployError } from "../../errors.ts";
import { parseSharedPaths } from "../../shared-paths.ts";

/**
 * Makes sure that the directories of option `shared` can be linked into a revision: it must have nothing at their places.
 *
 * @throws DeployError `BAD_SHARED`
 */
export async function requireShared(
  option: string | undefined,
  repository: Repository,
  commit: string,
): Promise<void> {
  for (const path of parseSharedPaths(option)) {
    const { stdout } = await repository.git(["ls-tree", "--name-only", commit, "--", path]);
    if (stdout.trim() === "") continue;
    throw new DeployError(
      `shared: ${path} is part of ${commit.slice(0, 7)}, so it cannot be shared by revisions`,
      {
        code: "BAD_SHARED",
        hint: `Remove it from the repository (git rm -r --cached ${path}) and ignore it there.`,
      },
    );
  }
}
