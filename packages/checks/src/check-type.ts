import type { Check } from "./check.ts";

/** How one attempt of a check ended. */
export interface CheckAttempt {
  readonly status: "passed" | "failed" | "timed-out";
  /** Exit status of the process, when there was one that ended by itself. */
  readonly exitCode: number | undefined;
  /** What it printed, or what was answered; long text lacks its middle. */
  readonly output: string;
  /** Why it did not pass; undefined when it passed. */
  readonly reason: string | undefined;
  /** Of a hook that passed: the host was out of service, or in it, by somebody else's wish and is left so. */
  readonly isNoop?: boolean;
}

/** What an attempt may use. */
export interface CheckContext {
  /** Working directory. */
  readonly cwd: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Longest duration in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the attempt early; it then cleans up and rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told each line of output while the check runs. */
  readonly onLine: (line: string) => void;
}

/** A check that is ready to run: everything that it names was found. */
export type CheckAction = (context: CheckContext) => Promise<CheckAttempt>;

/** What a target offers to checks; looked up when a check first asks. */
export interface CheckTarget {
  /** Command lines of the target's NRPE configuration, by name. */
  readonly nrpeCommands: () => ReadonlyMap<string, string>;
  /** Paths of the executables in `scap/scripts` of the revision, by file name. */
  readonly scripts: () => ReadonlyMap<string, string>;
}

/** One kind of check. Register your own with {@link createCheckTypes}. */
export interface CheckType {
  /** The value of the option `type`. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** Options that it knows besides those of every check. */
  readonly options: readonly string[];
  /** What is wrong with a check, as far as the deploy server can tell: one sentence each. */
  readonly validate: (check: Check) => string[];
  /** Makes a check ready on a target. @throws Error with one sentence when it cannot run there. */
  readonly prepare: (check: Check, target: CheckTarget) => CheckAction;
}
