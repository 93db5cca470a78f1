import type { Repository } from "@scap/git";

/**
 * Names of the executable files, and of links, in `scap/scripts` of a commit, where `scap` may be a submodule. Undefined
 * when that cannot be told from the repository alone, as with a directory that is a link.
 */
export async function revisionScripts(
  repository: Repository,
  commit: string,
): Promise<ReadonlySet<string> | undefined> {
  const { stdout } = await repository.git(["ls-tree", "-z", commit, "scap", "scap/scripts"]);
  if (/(?:^|\0)120000 /.test(stdout)) return undefined;
  const submodule = /(?:^|\0)160000 commit ([0-9a-f]+)\tscap\0/.exec(stdout)?.[1];
  if (submodule === undefined) return await scriptsIn(repository, [], { commit, directory: "scap/scripts/" });
  const modules = await repository.submodules(commit);
  const gitDirectory = modules.find(({ path }) => path === "scap")?.gitDirectory;
  if (gitDirectory === undefined) return undefined;
  return await scriptsIn(repository, ["--git-dir", gitDirectory], {
    commit: submodule,
    directory: "scripts/",
  });
}

async function scriptsIn(
  repository: Repository,
  gitOptions: readonly string[],
  { commit, directory }: { commit: string; directory: string },
): Promise<ReadonlySet<string>> {
  const { stdout } = await repository.git([...gitOptions, "ls-tree", "-z", "--full-tree", commit, directory]);
  const names = stdout.split("\0").map((entry) => /^(?:100755|120000) .*\t.*\/([^/]+)$/s.exec(entry)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}
