import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  estimateRemainingMs,
  readHistory,
  readRecords,
  readTypicalDurationMs,
  revisionText,
} from "../src/index.ts";
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
  expect(await readTypicalDurationMs(running, { directory })).toBe(7000);
  expect(await readTypicalDurationMs({ ...running, mode: "dry-run" }, { directory })).toBeUndefined();
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

it("says with --summary how long a running deployment will still take", async () => {
  writeFileSync(join(directory, "a.log"), deployment(100, "ok", 60_000));
  const file = join(directory, "b.log");
  writeFileSync(file, deployment(1000, undefined, 0));
  const { stdout } = await runCommand({ file, summary: true }, { clock: () => 1_015_000 });
  expect(stdout).toContain("\n\nAbout 00m 45s left, judged by the last deployments of this repository\n");
  const late = await runCommand({ file, summary: true }, { clock: () => 1_090_000 });
  expect(late.stdout).toContain("\n\nTaking longer than the last deployments");
  const alone = join(directory, "alone");
  mkdirSync(alone);
  writeFileSync(join(alone, "b.log"), deployment(1000, undefined, 0));
  expect((await runCommand({ file: join(alone, "b.log"), summary: true })).stdout).not.toContain("left");
});

it("reads all records of a plain and of a packed log, and counts what is none", async () => {
  const text = `${deployment(100, "ok", 1)}half a rec\n`;
  writeFileSync(join(directory, "a.log"), text);
  writeFileSync(join(directory, "a.log.gz"), gzipSync(text));
  for (const source of [
    join(directory, "a.log"),
    join(directory, "a.log.gz"),
    Readable.from([Buffer.from(text)]),
  ]) {
    const events: unknown[] = [];
    const { unreadableLines } = await readRecords(source, { onRecord: ({ event }) => events.push(event) });
    expect(events).toEqual(["deploy.started", "stage.host.finished", "stage.finished", "deploy.finished"]);
    expect(unreadableLines).toBe(1);
  }
});

it("names the commit, and the name that was asked for where it says more", async () => {
  writeFileSync(join(directory, "a.log"), deployment(100, "ok", 1));
  const [timing] = await readHistory({ directory });
  if (!timing) throw new Error("no deployment found");
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const text = (revision: string): string => revisionText({ ...timing, revision, commit });
  expect([text("HEAD"), text(commit), text("v1.4"), revisionText(timing)]).toEqual([
    "0123456",
    "0123456",
    "v1.4 (0123456)",
    "v1",
  ]);
});
