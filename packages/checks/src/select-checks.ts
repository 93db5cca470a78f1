import type { Check, CheckHook } from "./check.ts";
import { stageOf } from "./stages.ts";

/** Which checks are wanted. */
export interface SelectChecksOptions {
  readonly checks: readonly Check[];
  /** The stage that is run. */
  readonly stage: string;
  /** Before or after that stage. */
  readonly when: "before" | "after";
  /** Those that run on one target of a group, instead of those that run on each. @defaultValue `false` */
  readonly once?: boolean | undefined;
  /** Group of the target; without one the option `group` of the checks is ignored. */
  readonly group?: string | undefined;
}

/** The checks that apply, in their order. */
export function selectChecks({ checks, stage, when, group, once = false }: SelectChecksOptions): Check[] {
  const wanted = stageOf(stage);
  return checks.filter((check) => {
    const name = check[when];
    if (name === undefined || wanted === undefined || stageOf(name) !== wanted) return false;
    return check.runsOnce === once && isFor(check, group);
  });
}

/** The checks that take a target of the group out of service, or back into it. */
export function selectHooks(
  checks: readonly Check[],
  { hook, group }: { readonly hook: CheckHook; readonly group?: string | undefined },
): Check[] {
  return checks.filter((check) => check.hook === hook && isFor(check, group));
}

function isFor(check: Check, group: string | undefined): boolean {
  return group === undefined || check.group === undefined || check.group === group;
}
