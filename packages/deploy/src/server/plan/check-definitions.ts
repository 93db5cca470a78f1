import {
  CheckInvalidError,
  loadChecks,
  splitWords,
  validateChecks,
  type Check,
  type CheckProblem,
  type DerivedCheckType,
} from "@scap/checks";
import type { Repository } from "@scap/git";
import { DEFAULT_STAGES, type StageName } from "../../stage.ts";
import { checkFiles } from "./environment-files.ts";
import type { PlanInput } from "./plan.ts";
import { revisionScripts } from "./revision-scripts.ts";
import type { DeploySettings } from "./settings.ts";

export interface CheckDefinitionsOptions {
  /** `scap` directories, the most specific first. */
  readonly directories: readonly string[];
  readonly repository: Repository;
  /** Types of checks that plugins bring. @defaultValue none */
  readonly checkTypes?: readonly DerivedCheckType[] | undefined;
  /** The commit whose scripts the checks will run. */
  readonly commit: string;
  /** Leaves checks out whose scripts the commit does not have, instead of refusing it. @defaultValue false */
  readonly mayLackScripts?: boolean;
  readonly settings: Pick<
    DeploySettings,
    "isStrictOnChecks" | "performChecks" | "serverGroups" | "warnsOfPlainChecks"
  >;
}

/** Checks as they are published, and what somebody should look at. */
export interface CheckDefinitions {
  readonly definitions: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Whether any check runs before a stage. */
  readonly hasBefore: boolean;
  /** Checks that one host of a group runs for all. */
  readonly tasks: NonNullable<PlanInput["tasks"]>;
  /** Names of checks that are switched off, for example by an environment. */
  readonly switchedOff: readonly string[];
  readonly warnings: readonly CheckProblem[];
}

/**
 * The checks of `checks.yaml`, merged over environments and validated here, before a host is touched: types, stages,
 * groups, and that the revision has the scripts they name. With `perform_checks` off only the files must be readable.
 *
 * @throws CheckError naming file and line of all that is wrong.
 */
export async function loadCheckDefinitions(options: CheckDefinitionsOptions): Promise<CheckDefinitions> {
  const { checkTypes, commit, directories, repository, settings } = options;
  const files = await checkFiles(directories.toReversed());
  const loaded = loadChecks({ files, derived: checkTypes ?? [] });
  const { definitions, switchedOff } = loaded;
  if (!settings.performChecks) return { definitions, switchedOff, hasBefore: false, tasks: [], warnings: [] };
  const scripts = await scriptProblems(loaded.checks, repository, commit);
  const isLeftOut = (name: string): boolean =>
    options.mayLackScripts === true && scripts.some(({ check }) => check === name);
  const checks = loaded.checks.filter(({ name }) => !isLeftOut(name));
  const problems = [
    ...validateChecks({ checks, groups: settings.serverGroups, strict: settings.isStrictOnChecks }),
    ...taskProblems(checks),
    ...(options.mayLackScripts === true ? scripts.map(leftOut) : scripts),
    ...(settings.warnsOfPlainChecks ? orderProblems(checks) : []),
  ];
  if (problems.some(({ severity }) => severity === "error")) throw new CheckInvalidError(problems);
  return {
    definitions: new Map([...definitions].filter(([name]) => !isLeftOut(name))),
    hasBefore: checks.some(({ before, runsOnce }) => before !== undefined || runsOnce),
    switchedOff,
    tasks: checks.flatMap(tasksOf),
    warnings: problems,
  };
}

/** Nobody can give an older revision what it lacks, so there is no hint. */
function leftOut({ check, file, line, message }: CheckProblem): CheckProblem {
  return { check, file, line, severity: "warning", message: `it is left out: ${message}` };
}

/** Stages that the deploy server starts by itself: only there it knows which host is the first and the last. */
const TASK_STAGES: readonly StageName[] = DEFAULT_STAGES;

function tasksOf({ after, before, group, name, runsOnce }: Check): NonNullable<PlanInput["tasks"]> {
  const task = (stage: string | undefined, when: "before" | "after") => {
    const known = TASK_STAGES.find((each) => each === stage);
    return known === undefined
      ? []
      : [{ name, stage: known, when, ...(group === undefined ? {} : { group }) }];
  };
  return runsOnce ? [...task(before, "before"), ...task(after, "after")] : [];
}

function taskProblems(checks: readonly Check[]): CheckProblem[] {
  const isMisplaced = (stage: string | undefined): boolean =>
    stage !== undefined && !TASK_STAGES.some((each) => each === stage);
  return checks
    .filter(({ after, before, runsOnce }) => runsOnce && (isMisplaced(before) || isMisplaced(after)))
    .map(({ name, place }) => ({
      severity: "error",
      check: name,
      message: `run: once works before or after ${TASK_STAGES.join(", ")} only`,
      ...place,
    }));
}

/** Python Scap on a target sorts the checks of a plain mapping by name before it runs them. */
function orderProblems(checks: readonly Check[]): CheckProblem[] {
  const places = checks.flatMap(({ after, before, name }) => [
    ...(before === undefined ? [] : [{ name, place: `before ${before}` }]),
    ...(after === undefined ? [] : [{ name, place: `after ${after}` }]),
  ]);
  const problems: CheckProblem[] = [];
  for (const place of new Set(places.map((each) => each.place))) {
    const names = places.filter((each) => each.place === place).map(({ name }) => name);
    if (names.every((name, index) => index === 0 || (names[index - 1] ?? "") <= name)) continue;
    problems.push({
      severity: "warning",
      message: `targets that still run Python Scap run the checks ${place} in alphabetical order, not as ${names.join(", ")}`,
      hint: "Set python_ordered_checks to true while there are such targets.",
    });
  }
  return problems;
}

async function scriptProblems(
  checks: readonly Check[],
  repository: Repository,
  commit: string,
): Promise<CheckProblem[]> {
  const scripted = checks.filter(({ command, type }) => type === "script" && command !== "");
  if (scripted.length === 0) return [];
  const scripts = await revisionScripts(repository, commit);
  if (scripts === undefined) return [];
  return scripted
    .filter(({ command }) => !scripts.has(command) && !scripts.has(scriptName(command)))
    .map(({ command, name, place }) => ({
      severity: "error",
      check: name,
      message: `there is no executable scap/scripts/${scriptName(command)} in ${commit.slice(0, 7)}`,
      hint: "Scripts are taken from the revision that is deployed: commit the file, with its executable bit.",
      ...place,
    }));
}

/** The words after the first are arguments. */
function scriptName(command: string): string {
  try {
    return splitWords(command)[0] ?? "";
  } catch {
    return command;
  }
}
