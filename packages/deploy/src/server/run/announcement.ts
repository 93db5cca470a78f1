import { formatDuration } from "@scap/log";
import type { DeployMode } from "../plan/plan.ts";

const VERBS: Readonly<Record<DeployMode, string>> = {
  init: "setup",
  restart: "restart",
  rollback: "rollback",
  deploy: "deploy",
  stages: "deploy",
  "dry-run": "deploy",
};

/** What a deployment is called in announcements and timers: `deploy [acme/web@d742554] (beta)`. */
export function displayName(of: {
  readonly mode: DeployMode;
  readonly repo: string;
  readonly commit: string;
  readonly environment: string | null;
}): string {
  const verb = VERBS[of.mode];
  const environment = of.environment === null || of.environment === "" ? "" : ` (${of.environment})`;
  return `${verb} [${of.repo}@${of.commit.slice(0, 7)}]${environment}`;
}

/** Announcement of the start. Other tools read these texts: they must stay as they are. */
export function startedText(name: string, message: string): string {
  return `Started ${name}: ${message}`;
}

/** Announcement of the end, after success and after a rolled-back failure alike. */
export function finishedText(name: string, message: string, durationMs: number): string {
  return `Finished ${name}: ${message} (duration: ${formatDuration(durationMs / 1000)})`;
}

/** Announcement of a deployment that the user stopped. */
export function abortedText(message: string, durationMs: number): string {
  return `deploy aborted: ${message} (duration: ${formatDuration(durationMs / 1000)})`;
}
