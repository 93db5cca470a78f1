import { CheckInvalidError, loadChecks, validateChecks, type Check, type CheckProblem } from "@scap/checks";
import type { Repository } from "@scap/git";
import { filesNamed } from "./environment-files.ts";
import type { DeploySettings } from "./settings.ts";

export interface CheckDefinitionsOptions {
  /** `scap` directories, the most specific first. */
  readonly directories: readonly string[];
  readonly repository: Repository;
  /** The commit whose scripts the checks will run. */
  readonly commit: string;
  readonly settings: Pick<DeploySettings, "performChecks" | "serverGroups">;
}

/** Checks as they are published, and what somebody should look at. */
export interface CheckDefinitions {
  readonly definitions: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Whether any check runs before a stage. */
  readonly hasBefore: boolean;
  readonly warnings: readonly CheckProblem[];
}

/**
 * The checks of `checks.yaml`, merged over environments and validated here, before a host is touched: types, stages,
 * groups, and that the revision has the scripts they name.
 *
 * @throws CheckError naming file and line of all that is wrong.
 */
export async function loadCheckDefinitions(options: CheckDefinitionsOptions): Promise<CheckDefinitions> {
  const { commit, directories, repository, settings } = options;
  if (!settings.performChecks) return { definitions: new Map(), hasBefore: false, warnings: [] };
  const files = await filesNamed(directories.toReversed(), /^checks\.ya?ml$/);
  const { checks, definitions } = loadChecks({ files });
  const problems = [
    ...validateChecks({ checks, groups: settings.serverGroups }),
    ...(await scriptProblems(checks, repository, commit)),
  ];
  if (problems.some(({ severity }) => severity === "error")) throw new CheckInvalidError(problems);
  const hasBefore = checks.some(({ before }) => before !== undefined);
  return { definitions, hasBefore, warnings: problems };
}

async function scriptProblems(
  checks: readonly Check[],
  repository: Repository,
  commit: string,
): Promise<CheckProblem[]> {
  const scripted = checks.filter(({ command, type }) => type === "script" && command !== "");
  if (scripted.length === 0) return [];
  const scripts = await scriptsOf(repository, commit);
  return scripted
    .filter(({ command }) => !scripts.has(command))
    .map(({ command, name, place }) => ({
      severity: "error",
      check: name,
      message: `there is no executable scap/scripts/${command} in ${commit.slice(0, 7)}`,
      hint: "Scripts are taken from the revision that is deployed: commit the file, with its executable bit.",
      ...place,
    }));
}

/** Names of the executable files, and of links, in `scap/scripts` of a commit. */
async function scriptsOf(repository: Repository, commit: string): Promise<ReadonlySet<string>> {
  const { stdout } = await repository.git(["ls-tree", "-z", commit, "scap/scripts/"]);
  const entries = stdout
    .split("\0")
    .map((entry) => /^(100755|120000) .*\tscap\/scripts\/(.+)$/s.exec(entry)?.[2]);
  return new Set(entries.filter((name) => name !== undefined));
}
