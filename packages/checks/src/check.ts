/** Takes a host out of service before a switch, and back into it afterwards. */
export type CheckHook = "drain" | "pool";

/** Where an option of `checks.yaml` stands. */
export interface CheckPlace {
  readonly file: string;
  /** From 1; undefined when the definition did not come from a file with lines. */
  readonly line: number | undefined;
}

/** A pass-or-fail rule around a stage, with every option resolved. */
export interface Check {
  readonly name: string;
  /** Name of an entry of the register of types. */
  readonly type: string;
  /** What to run; empty when the type does not need it. */
  readonly command: string;
  /** Stage before which it runs. */
  readonly before: string | undefined;
  /** Stage after which it runs (option `after`, else its old name `stage`). */
  readonly after: string | undefined;
  /** Runs around every switch of the live revision instead of at a stage. */
  readonly hook: CheckHook | undefined;
  /** Runs on one target of each group only: before the others begin the stage, or after all have ended it. */
  readonly runsOnce: boolean;
  /** Only on targets of this group. */
  readonly group: string | undefined;
  /** Longest duration of one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Runs `command` through `/bin/sh -c` instead of splitting it into words. */
  readonly shell: boolean;
  /** Runs together with its neighbours that are parallel too. */
  readonly parallel: boolean;
  /** Keeps `SSH_AUTH_SOCK` in the environment. */
  readonly keepAgent: boolean;
  /** How often it is tried again after a failure. */
  readonly retries: number;
  /** Pause before each retry, in milliseconds. */
  readonly retryDelayMs: number;
  /** All options as written, for the types that know more of them. */
  readonly options: ReadonlyMap<string, unknown>;
  readonly place: CheckPlace;
}

/** The stage that the original shows for a check: `after`, else `before`. */
export function stageOfCheck(check: Check): string | undefined {
  return check.after ?? check.before;
}
