import { COMMON_OPTIONS } from "./check-options.ts";
import type { CheckType } from "./check-type.ts";
import { createCheckTypes, type CheckTypes } from "./check-types.ts";
import type { Check } from "./check.ts";
import type { CheckProblem } from "./errors.ts";
import { stageHint, stageOf } from "./stages.ts";

/** What checks are validated against. */
export interface ValidateChecksOptions {
  readonly checks: readonly Check[];
  /** Names of the groups of the deployment; without it groups are not looked at. */
  readonly groups?: readonly string[] | undefined;
  /** @defaultValue the built-in types */
  readonly types?: CheckTypes | undefined;
  /** Makes unknown options errors. @defaultValue `false` */
  readonly strict?: boolean | undefined;
}

/** Everything that the deploy server can tell about checks before any target is touched. */
export function validateChecks(options: ValidateChecksOptions): CheckProblem[] {
  const types = options.types ?? createCheckTypes();
  return options.checks.flatMap((check) =>
    validateCheck(check, types.get(check.type), { ...options, types }),
  );
}

interface Found {
  readonly message: string;
  readonly severity?: "error" | "warning";
  readonly hint?: string;
}

function validateCheck(
  check: Check,
  type: CheckType | undefined,
  options: ValidateChecksOptions & { types: CheckTypes },
): CheckProblem[] {
  const found: Found[] = [
    ...(type
      ? [
          ...type.validate(check).map((message) => ({ message })),
          ...unknownOptions(check, type, options.strict),
        ]
      : [unknownType(check, options.types)]),
    ...stageProblems(check),
    ...groupProblems(check, options.groups),
  ];
  return found.map(({ severity = "error", ...rest }): CheckProblem => ({
    severity,
    check: check.name,
    file: check.place.file,
    line: check.place.line,
    ...rest,
  }));
}

function unknownType(check: Check, types: CheckTypes): Found {
  return { message: `unknown type "${check.type}"`, hint: `Types are ${[...types.keys()].join(", ")}.` };
}

function stageProblems(check: Check): Found[] {
  const named = [check.before, check.after].filter((name) => name !== undefined);
  if (check.hook !== undefined) {
    if (named.length === 0 && !check.runsOnce) return [];
    return [{ message: "a hook has no before, after or run: it runs around every switch" }];
  }
  if (named.length === 0) {
    return [{ severity: "warning", message: "it has neither before nor after, so it never runs" }];
  }
  return named
    .filter((name) => stageOf(name) === undefined)
    .map((name) => ({ message: `unknown stage "${name}"`, hint: stageHint(name) }));
}

function groupProblems(check: Check, groups: readonly string[] | undefined): Found[] {
  if (check.group === undefined || groups === undefined || groups.includes(check.group)) return [];
  return [{ message: `there is no group "${check.group}"`, hint: `Groups are ${groups.join(", ")}.` }];
}

function unknownOptions(check: Check, type: CheckType, isStrict: boolean | undefined): Found[] {
  return [...check.options.keys()]
    .filter((name) => !COMMON_OPTIONS.includes(name) && !type.options.includes(name))
    .map((name) => ({
      ...(!isStrict && { severity: "warning" as const }),
      message: `unknown option "${name}"`,
    }));
}
