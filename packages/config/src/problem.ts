import type { ConfigOrigin } from "./origin.ts";
import { describeOrigin } from "./origin.ts";

/** One thing that is wrong with a configuration, or worth a warning. */
export interface ConfigProblem {
  /** A sentence without its place, for example `cache_revs must be an integer, not "5.0"`. */
  readonly message: string;
  /** Where it stands; absent when no single place is to blame. */
  readonly origin?: ConfigOrigin;
  /** The option it is about, if any. */
  readonly option?: string;
}

/** The problem on one line, its place first: `scap/scap.cfg:7: …`. */
export function describeProblem(problem: ConfigProblem): string {
  if (problem.origin === undefined || problem.origin.kind === "default") return problem.message;
  return `${describeOrigin(problem.origin)}: ${problem.message}`;
}
