import type { DeployEvent } from "./event.ts";

/** What a host can be in, in the order of the numbers that stand for it. */
export const HOST_STATES = [
  "not started",
  "running",
  "ok",
  "failed",
  "unreachable",
  "timed-out",
  "skipped",
  "cancelled",
  "rolled back",
] as const;

/** One of `HOST_STATES`. */
export type HostState = (typeof HOST_STATES)[number];

/** The hosts of a plan, in its order, by group. */
export interface PlannedHost {
  readonly name: string;
  readonly group: string;
}

/** The host that an event is about and the state that it is in from then on. */
export function hostChange(event: DeployEvent): readonly [host: string, state: HostState] | undefined {
  if (event.event === "stage.host.started") return [event.host, "running"];
  if (event.event !== "stage.host.finished") return undefined;
  const isBack = event.stage === "rollback" && event.outcome === "ok";
  return [event.host, isBack ? "rolled back" : event.outcome];
}

/** The hosts of a deployment. A host that is in several groups counts for the first. */
export function plannedHosts(
  groups: readonly { readonly name: string; readonly hosts: readonly string[] }[],
): PlannedHost[] {
  const hosts = new Map<string, PlannedHost>();
  for (const { hosts: names, name: group } of groups) {
    for (const name of names) if (!hosts.has(name)) hosts.set(name, { name, group });
  }
  return [...hosts.values()];
}

/** The state of every planned host after all events. */
export function finalHostStates(
  hosts: readonly PlannedHost[],
  events: Iterable<DeployEvent>,
): ReadonlyMap<string, HostState> {
  const states = new Map<string, HostState>(hosts.map(({ name }) => [name, "not started"]));
  for (const event of events) {
    const change = hostChange(event);
    if (change !== undefined && states.has(change[0])) states.set(change[0], change[1]);
  }
  return states;
}
