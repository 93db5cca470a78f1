import { announcesRun } from "@scap/deploy";
import type { LogRecord } from "@scap/log";

/** What of a deployment decides which of its records a console shows. */
export interface LiveView {
  /** Whether records of targets are shown. */
  readonly isVerbose: boolean;
  /** Of the deployment; undefined when its log does not tell. */
  readonly mode: string | undefined;
}

/**
 * Whether a console shows a record not as a line of text: an event, which the reporter shows; a record of a target; the
 * timer where announcements say the same.
 */
export function isHiddenLive({ event, name }: LogRecord, { isVerbose, mode }: LiveView): boolean {
  if (typeof event === "string") return true;
  if (name.startsWith("target.")) return !isVerbose;
  return mode !== undefined && announcesRun(mode) && name.endsWith(".timer");
}
