import { runGit, type Repository, type Submodule } from "@scap/git";
import { DeployError } from "../../errors.ts";

/** How many submodules a message names. */
const NAMED = 3;

/**
 * Makes sure that the commits of all submodules are in the checkout, unless targets get them from upstream.
 *
 * @returns warnings
 * @throws DeployError `SUBMODULE_MISSING`
 */
export async function requireSubmodules(
  repository: Repository,
  commit: string,
  { isUpstream }: { readonly isUpstream: boolean },
): Promise<string[]> {
  const submodules = await repository.submodules(commit);
  if (submodules.length === 0) return [`git_submodules is set, but ${commit.slice(0, 7)} has no submodules`];
  if (isUpstream) return [];
  const checked = await Promise.all(
    submodules.map(async (submodule) => ((await isHere(submodule)) ? [] : [submodule])),
  );
  const missing = checked.flat();
  if (missing.length === 0) return [];
  const names = missing.slice(0, NAMED).map((each) => `${each.path} (${each.commit.slice(0, 7)})`);
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : "";
  throw new DeployError(
    `Not in this checkout, so that targets cannot get it: submodule ${names.join(", ")}${more}`,
    {
      code: "SUBMODULE_MISSING",
      hint: "Run git submodule update --init --recursive, or set git_upstream_submodules to true.",
    },
  );
}

async function isHere({ commit, gitDirectory }: Submodule): Promise<boolean> {
  if (gitDirectory === undefined) return false;
  const { exitCode } = await runGit(["--git-dir", gitDirectory, "cat-file", "-e", `${commit}^{commit}`], {
    acceptStatus: [1, 128],
  });
  return exitCode === 0;
}
