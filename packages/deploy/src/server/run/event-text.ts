import { foldHosts } from "@scap/targets";
import type { DeployEvent, StageHostFinished } from "@scap/events";

/** Levels of the log format that events use. */
const LEVEL = { debug: 10, info: 20, warning: 30, error: 40 } as const;

/** Level number of an event's log record. */
export function eventLevel(event: DeployEvent): number {
  switch (event.event) {
    case "stage.host.started":
      return LEVEL.debug;
    case "stage.host.finished":
      return event.failure === undefined ? LEVEL.debug : LEVEL.error;
    case "stage.started":
    case "stage.finished":
    case "subgroup.started":
    case "deploy.started":
    case "rollback.started":
      return LEVEL.info;
    case "group.verdict":
      return event.passed ? LEVEL.info : LEVEL.error;
    case "rollback.finished":
      return event.failedHosts.length === 0 ? LEVEL.info : LEVEL.error;
    case "deploy.finished":
      return event.outcome === "ok" ? LEVEL.info : LEVEL.error;
  }
}

/** One line for people: the message of an event's log record. */
export function eventText(event: DeployEvent): string {
  switch (event.event) {
    case "deploy.started": {
      const count = event.groups.reduce((sum, group) => sum + group.hosts.length, 0);
      return `${event.repo}: ${event.revision} (${event.commit.slice(0, 7)}) to ${hosts(count)}`;
    }
    case "subgroup.started":
      return `== ${event.label.toUpperCase()} == ${foldHosts(event.hosts)}`;
    case "stage.started":
      return `${event.label}: ${event.stage} on ${hosts(event.hosts.length)}`;
    case "stage.host.started":
      return `${event.stage} started`;
    case "stage.host.finished":
      return hostText(event);
    case "stage.finished": {
      const { ok, failed, unreachable, skipped, cancelled } = event.counts;
      const fail = failed + unreachable + event.counts["timed-out"];
      const left = skipped + cancelled;
      return `${event.label}: ${event.stage} stage(s): ok: ${ok}; fail: ${fail}; left: ${left}`;
    }
    case "group.verdict":
      return event.passed
        ? `${event.label}: passed (${event.failedHosts.length} of ${event.hosts} failed, limit ${event.failureLimit})`
        : `${event.label}: failed: ${event.reason ?? ""}`;
    case "rollback.started":
      return `Rolling back ${hosts(event.hosts.length)}: ${foldHosts(event.hosts)}`;
    case "rollback.finished":
      return event.failedHosts.length === 0
        ? `Rolled back ${hosts(event.restored.length)}`
        : `Rolled back ${hosts(event.restored.length)}; failed on ${foldHosts(event.failedHosts)}`;
    case "deploy.finished":
      return `Deployment ended: ${event.outcome}`;
  }
}

function hostText(event: StageHostFinished): string {
  if (event.failure === undefined) {
    return event.noop === true ? `${event.stage}: nothing to do` : `${event.stage}: ${event.outcome}`;
  }
  return `${event.stage} ${event.outcome}: ${event.failure.message}`;
}

/** `1 host`, `2 hosts`. */
export function hosts(count: number): string {
  return count === 1 ? "1 host" : `${count} hosts`;
}
