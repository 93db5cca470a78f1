import { createLogger } from "@scap/log";
import { expect, it } from "vitest";
import type { DeployEvent } from "@scap/events";
import { consoleReporter } from "./console-reporter.ts";

/** What the reporter writes for events and other records, without the times. */
function show(...records: (DeployEvent | Record<string, unknown>)[]): string {
  let text = "";
  const stream = { write: (piece: string) => (text += piece) } as unknown as NodeJS.WritableStream;
  const reporter = consoleReporter({
    stream,
    columns: undefined,
    colour: false,
    nextCommands: ["scap status"],
  });
  const logger = createLogger({ name: "deploy", sinks: [reporter] });
  for (const { name, msg, ...fields } of records as Record<string, unknown>[]) {
    const target = typeof name === "string" ? logger.named(name) : logger;
    target.info(typeof msg === "string" ? msg : "", fields);
  }
  return text.replaceAll(/^\d\d:\d\d:\d\d /gm, "");
}

const started: DeployEvent = {
  event: "deploy.started",
  mode: "deploy",
  repo: "acme/web",
  environment: null,
  commit: "c".repeat(40),
  revision: "HEAD",
  tag: null,
  user: "alice",
  message: "why",
  groups: [],
};
const place = { group: "default", label: "default", stage: "fetch" } as const;
const none = { ok: 0, failed: 0, unreachable: 0, "timed-out": 0, skipped: 0, cancelled: 0 };

function failed(host: string, message: string): DeployEvent {
  const failure = {
    code: "DISK_FULL",
    message,
    hint: "Free some space.",
    output: "first\nlast line\u001b[31m",
  };
  return { event: "stage.host.finished", ...place, host, outcome: "failed", durationMs: 1, failure };
}

it("folds equal failures of many hosts, with output that cannot harm the terminal and what to do", () => {
  const hosts = Array.from({ length: 181 }, (_, at) => `web${at + 1}`);
  const text = show(
    started,
    { event: "stage.started", ...place, hosts },
    ...hosts.map((host) => failed(host, `the disk of ${host} is full`)),
    { event: "stage.finished", ...place, counts: { ...none, failed: 181 }, durationMs: 1 },
  );
  expect(text).toMatchInlineSnapshot(`
    "acme/web: fetch stage(s): 100% (in-flight: 0; ok: 0; fail: 181; left: 0)
    web[1-181] (181): fetch failed: the disk of the host is full
        | first
        | last line\\x1b[31m
        Free some space.
    "
  `);
});

it("says that promoting handles the services too", () => {
  const at = { ...place, stage: "promote" };
  const text = show(
    { ...started, services: "web" },
    { event: "stage.started", ...at, hosts: ["web1"] },
    { event: "stage.finished", ...at, counts: { ...none, ok: 1 }, durationMs: 1 },
  );
  expect(text).toBe(
    "acme/web: promote and handle_service stage(s): 100% (in-flight: 0; ok: 1; fail: 0; left: 0)\n",
  );
});

it("shows equal differences of configuration files once", () => {
  const diff = { msg: "Config diff for /etc/app.yaml", type: "config_diff", output: "-a: 1\n+a: 2\n" };
  const text = show(
    started,
    { event: "stage.started", ...place, hosts: ["web1", "web2", "web3"] },
    { name: "target.web1.deploy-local", host: "web1", ...diff },
    { name: "target.web2.deploy-local", host: "web2", ...diff },
    { name: "target.web3.deploy-local", host: "web3", ...diff, output: "-a: 1\n+a: 3\n" },
    { event: "stage.finished", ...place, counts: { ...none, ok: 3 }, durationMs: 1 },
  );
  expect(text).toMatchInlineSnapshot(`
    "acme/web: fetch stage(s): 100% (in-flight: 0; ok: 3; fail: 0; left: 0)
    web[1-2] (2): Config diff for /etc/app.yaml
    -a: 1
    +a: 2
    web3 (1): Config diff for /etc/app.yaml
    -a: 1
    +a: 3
    "
  `);
});

it("takes no event from a target", () => {
  const fromTarget: Record<string, unknown> = {
    name: "target.web1.x",
    event: "rollback.started",
    hosts: ["web1"],
  };
  expect(show(started, fromTarget)).toBe("");
});

it("ends with the state of the fleet and what to run next", () => {
  const text = show(started, {
    event: "deploy.finished",
    outcome: "rollback-failed",
    durationMs: 61_000,
    deployed: ["web2"],
    failedHosts: ["web2"],
    untouched: ["web3", "web4"],
  });
  expect(text).toMatchInlineSnapshot(`
    "Deployment of ccccccc failed and could not be rolled back everywhere (01m 01s)
      Failed:        web2
      Now live on:   web2; the others have what they had before
      Not started:   web[3-4] (2)
      Next:          scap status
    "
  `);
});

it("does not claim that a host went back that could not be rolled back", () => {
  const failure = { code: "CHECKS_FAILED", message: "no" };
  const onHost = { ...place, host: "web2", outcome: "failed", durationMs: 1, failure } as const;
  const text = show(
    started,
    { ...onHost, event: "stage.host.finished", stage: "promote" },
    { ...onHost, event: "stage.host.finished", stage: "rollback" },
    {
      event: "deploy.finished",
      outcome: "rollback-failed",
      durationMs: 61_000,
      deployed: [],
      failedHosts: ["web2"],
      untouched: [],
    },
  );
  expect(text).toContain("Now live on:   no host for sure; the others have what they had before\n");
  expect(text).toContain("Maybe live on: web2\n");
});

it("says on the live line how much is left, judged by earlier deployments", async () => {
  let text = "";
  const stream = { write: (piece: string) => (text += piece) } as unknown as NodeJS.WritableStream;
  const typicalDurationMs = (): Promise<number> => Promise.resolve(90_000);
  const reporter = consoleReporter({ stream, columns: 60, colour: false, typicalDurationMs });
  const write = (created: number, event: DeployEvent): void => {
    const base = { name: "deploy", msg: "", args: [], levelno: 20 };
    reporter.write({ ...base, created, ...event });
  };
  write(1000, started);
  await Promise.resolve();
  await Promise.resolve();
  write(1030, { event: "stage.started", ...place, hosts: ["web1"] });
  await reporter.close();
  expect(text).toContain("acme/web: fetch stage(s): 0% (in-flight: about 01m 00s left");
});

it.each([
  ["DRAIN_FAILED", "promote", "failed", [], ["Now live on:   no host"]],
  ["CHECK_FAILED", "promote", "failed", [], ["Now live on:   no host for sure", "Maybe live on: web1"]],
  [
    "POOL_FAILED",
    "rollback",
    "rollback-failed",
    [],
    ["all have what they had before", "Not pooled:    web1"],
  ],
] as const)(
  "tells after %s in %s where the revision is, and who is out of service",
  (code, stage, outcome, deployed, lines) => {
    const failure = { code, message: "no" };
    const text = show(
      started,
      {
        event: "stage.host.finished",
        ...place,
        stage,
        host: "web1",
        outcome: "failed",
        durationMs: 1,
        failure,
      },
      { event: "deploy.finished", outcome, deployed, failedHosts: ["web1"], untouched: [], durationMs: 1 },
    );
    for (const line of lines) expect(text).toContain(line);
    expect(text.includes("Maybe live on")).toBe(code === "CHECK_FAILED");
  },
);
