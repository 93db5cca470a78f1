import { DeployError } from "../../errors.ts";
import type { HostAnswer } from "../rollback/fleet-revisions.ts";
import type { LoggedDeployment, LoggedFailure } from "./interrupted.ts";

/** Where a deployment goes on that was interrupted. */
export interface ResumePoint {
  /** Hosts where it went live without being finalized: they are rolled back if this run fails. */
  readonly changed: readonly string[];
  /** Subgroups that somebody agreed to go on with. */
  readonly agreed: readonly string[];
  /** What hosts of groups had to do and did, as {@link LoggedDeployment} has it. */
  readonly steps: readonly string[];
  /** What is left is the way back. */
  readonly failure?: LoggedFailure;
}

/**
 * Refuses to go on with a deployment that came to an end.
 *
 * @returns false when it ended well, so that nothing is left to do
 * @throws DeployError `NOTHING_TO_RESUME` when it was rolled back
 */
export function isResumable({ finished }: LoggedDeployment): boolean {
  if (finished === undefined) return true;
  switch (finished.outcome) {
    case "ok":
      return false;
    case "failed":
    case "rollback-failed":
    case "interrupted":
      return true;
    case "rolled-back":
      throw new DeployError("The last deployment ended by itself: it was rolled back", {
        code: "NOTHING_TO_RESUME",
        hint: "Deploy again once the reason is mended: scap deploy.",
      });
  }
}

/** Joins what the log and the hosts say. Where a host does not answer, nothing is known to be changed. */
export function resumePoint(
  { begun, failure, finished, started, steps }: LoggedDeployment,
  answers: ReadonlyMap<string, HostAnswer>,
): ResumePoint {
  const changed = [...answers]
    .filter(([, answer]) => isUnfinished(answer, started.commit))
    .map(([host]) => host);
  // Who said no to going back, or was stopped before it, goes forward.
  const goesForward = finished !== undefined && finished.outcome !== "rollback-failed";
  return { changed, agreed: begun, steps, ...(failure === undefined || goesForward ? {} : { failure }) };
}

function isUnfinished(answer: HostAnswer, commit: string): boolean {
  return answer.kind === "revisions" && answer.current === commit && answer.done !== commit;
}
