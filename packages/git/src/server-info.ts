import type { Repository } from "./repository.ts";

/** See {@link Repository.updateServerInfo}. */
export async function updateServerInfo(
  git: Repository["git"],
  options: { submodules?: boolean },
): Promise<void> {
  await git(["update-server-info"]);
  if (options.submodules === true) {
    await git(["submodule", "--quiet", "foreach", "--recursive", "git update-server-info"]);
  }
}
