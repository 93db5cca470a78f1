import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { estimateRemainingMs, readHistory } from "../src/index.ts";
import { runCommand } from "./run-command.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-history-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function deployment(startedAt: number, outcome: string | undefined, durationMs: number): string {
  const place = { label: "canary", stage: "fetch" };
  const groups = [{ name: "canary", hosts: ["web1", "web2"] }];
  const events = [
    {
      event: "deploy.started",
      created: startedAt,
      repo: "shop/web",
      revision: "v1",
      user: "alice",
      message: "hi",
      groups,
    },
    { event: "stage.host.finished", ...place, host: "web1", outcome: "ok", durationMs: 900 },
    { event: "stage.finished", ...place, durationMs: 1000 },
    ...(outcome === undefined ? [] : [{ event: "deploy.finished", outcome, durationMs }]),
  ];
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

it("lists the deployments of a directory, the newest first, several in a file too", async () => {
  writeFileSync(join(directory, "a.log"), deployment(100, "ok", 5000) + deployment(300, "failed", 1));
  writeFileSync(join(directory, "b.log"), `not json\n[1]\n${deployment(200, "ok", 7000)}`);
  writeFileSync(join(directory, "old.log"), '{"msg": "no events"}\n');
  const history = await readHistory({ directory });
  expect(history.map(({ startedAt, outcome, groups }) => [startedAt, outcome, groups])).toEqual([
    [300, "failed", ["canary"]],
    [200, "ok", ["canary"]],
    [100, "ok", ["canary"]],
  ]);
  expect(await readHistory({ directory, limit: 1 })).toHaveLength(1);
  expect(await readHistory({ directory: join(directory, "none") })).toEqual([]);
});

it("estimates what is left from earlier successes of the same repository", async () => {
  writeFileSync(
    join(directory, "a.log"),
    [5000, 7000, 90_000].map((ms, at) => deployment(at, "ok", ms)).join(""),
  );
  writeFileSync(join(directory, "b.log"), deployment(1000, undefined, 0));
  const [running, ...past] = await readHistory({ directory });
  if (!running) throw new Error("no deployment found");
  expect(estimateRemainingMs(running, past, 1_002_000)).toBe(5000);
  expect(estimateRemainingMs(running, past, 2_000_000)).toBe(0);
  expect(estimateRemainingMs(running, [], 0)).toBeUndefined();
});

it("sums a deployment up with --summary", async () => {
  const file = join(directory, "a.log");
  writeFileSync(file, deployment(100, "failed", 65_000));
  expect((await runCommand({ file, summary: true })).stdout).toBe(`shop/web v1 by alice: failed (01m 05s)

Hosts by state
  ok: 1
  not started: 1 (web2)

Durations by stage
  1.0s  fetch

Slowest hosts
  0.9s  web1

Critical path
  1.0s  canary: fetch, slowest: web1
`);
});
