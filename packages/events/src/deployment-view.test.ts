import { expect, it } from "vitest";
import { EMPTY_VIEW, foldEvent } from "./deployment-view.ts";
import type { DeployEvent, HostOutcome } from "./event.ts";
import { finalHostStates } from "./host-states.ts";

const place = { group: "canary", label: "canary", stage: "fetch" };
const started = (host: string): DeployEvent => ({ event: "stage.host.started", ...place, host });
const ended = (host: string, outcome: HostOutcome): DeployEvent => {
  const failure = outcome === "ok" ? {} : { failure: { code: "FETCH_FAILED", message: outcome } };
  return { event: "stage.host.finished", ...place, host, outcome, durationMs: 1, ...failure };
};
const stage: DeployEvent = { event: "stage.started", ...place, hosts: ["web1", "web2", "web3"] };
const events = [stage, started("web1"), started("web2"), ended("web1", "ok"), ended("web3", "skipped")];

it("counts hosts that run and hosts that ended, and not hosts that were never started", () => {
  const { failures, progress } = events.reduce(foldEvent, EMPTY_VIEW);
  expect(progress).toEqual({ ...place, total: 3, inFlight: 1, ok: 1, failed: 0 });
  expect(failures.map(({ host }) => host)).toEqual(["web3"]);
});

it("knows what every planned host is in", () => {
  const hosts = ["web1", "web2", "web3", "web4"].map((name) => ({ name, group: "canary" }));
  expect([...finalHostStates(hosts, events).values()]).toEqual(["ok", "running", "skipped", "not started"]);
});
