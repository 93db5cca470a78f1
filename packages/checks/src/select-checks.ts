import type { Check } from "./check.ts";
import { stageOf } from "./stages.ts";

/** Which checks are wanted. */
export interface SelectChecksOptions {
  readonly checks: readonly Check[];
  /** The stage that is run. */
  readonly stage: string;
  /** Before or after that stage. */
  readonly when: "before" | "after";
  /** Group of the target; without one the option `group` of the checks is ignored. */
  readonly group?: string | undefined;
}

/** The checks that apply, in their order. */
export function selectChecks({ checks, stage, when, group }: SelectChecksOptions): Check[] {
  const wanted = stageOf(stage);
  return checks.filter((check) => {
    const name = check[when];
    if (name === undefined || wanted === undefined || stageOf(name) !== wanted) return false;
    return group === undefined || check.group === undefined || check.group === group;
  });
}
