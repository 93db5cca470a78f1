import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { history } from "../src/commands/history.ts";
import { eventLog } from "./event-log.ts";
import { scap } from "./in-process.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scap-history-"));
  mkdirSync(join(root, "scap/log"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (...argv: string[]) => scap(root, ["history", ...argv], { commands: [history] });

it("lists who deployed what and when, the newest first", async () => {
  writeFileSync(
    join(root, "scap/log/a.log"),
    eventLog(1_900_000_000, { outcome: "ok", user: "bob\u001b[2J" }),
  );
  writeFileSync(join(root, "scap/log/b.log"), eventLog(1_900_000_100));
  const breaksOff = eventLog(1_900_000_200).split("\n").slice(0, 8).join("\n");
  writeFileSync(join(root, "scap/log/c.log"), breaksOff);
  const { status, stdout, stderr } = await run("--utc");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatchInlineSnapshot(`
    "WHEN                 WHO         WHAT     OUTCOME       DURATION  HOSTS   GROUPS  MESSAGE
    2030-03-17 17:50:00  alice       0123456  not finished            ? of 2  canary  change the shop
    2030-03-17 17:48:20  alice       0123456  failed        00m 06s   1 of 2  canary  change the shop
    2030-03-17 17:46:40  bob\\x1b[2J  0123456  ok            00m 06s   1 of 2  canary  change the shop
    "
  `);
  expect((await run("-n", "1", "--utc")).stdout.split("\n")).toHaveLength(3);
});

it("tells restarts and rollbacks from deployments, and leaves dry runs out", async () => {
  for (const [at, mode] of [
    [0, "deploy"],
    [100, "restart"],
    [200, "rollback"],
    [300, "dry-run"],
  ] as const) {
    const log = eventLog(1_900_000_000 + at).replace(/("mode": ?)"deploy"/, `$1"${mode}"`);
    writeFileSync(join(root, `scap/log/${mode}.log`), log);
  }
  const { stdout } = await run("--utc");
  expect(stdout.match(/alice {2}.*?0123456/g)).toEqual([
    "alice  rollback 0123456",
    "alice  restart 0123456",
    "alice  0123456",
  ]);
});

it("prints one JSON object a deployment", async () => {
  writeFileSync(join(root, "scap/log/a.log"), eventLog(1_900_000_000));
  const { stdout } = await run("--json");
  expect(JSON.parse(stdout)).toEqual({
    startedAt: 1_900_000_000,
    user: "alice",
    repo: "shop/web",
    mode: "deploy",
    revision: "0123456789abcdef0123456789abcdef01234567",
    commit: "0123456789abcdef0123456789abcdef01234567",
    message: "change the shop",
    outcome: "failed",
    durationMs: 6000,
    groups: ["canary"],
    hosts: ["web1", "web2"],
    hostsOk: ["web1"],
  });
});

it("lists deployments to one group only, and says when there are none", async () => {
  writeFileSync(join(root, "scap/log/a.log"), eventLog(1_900_000_000));
  expect((await run("-g", "canary", "--json")).stdout).not.toBe("");
  expect(await run("-g", "default")).toEqual({
    status: 0,
    stdout: "There is no deployment in scap/log.\n",
    stderr: "",
  });
  expect((await run("-n", "0")).status).toBe(2);
});

it("lists deployments that only their tags tell of, none twice, none hidden by a dry run", async () => {
  const git = (args: readonly string[], date = 1_900_000_000): string =>
    execFileSync("git", [...args], {
      cwd: root,
      encoding: "utf8",
      env: {
        ...process.env,
        ...{
          GIT_COMMITTER_NAME: "T",
          GIT_COMMITTER_EMAIL: "t@example.org",
          GIT_COMMITTER_DATE: `${date} +0000`,
        },
        ...{ GIT_AUTHOR_NAME: "T", GIT_AUTHOR_EMAIL: "t@example.org" },
      },
    }).trim();
  git(["init", "-q"]);
  git(["commit", "-q", "--allow-empty", "-m", "x"]);
  const commit = git(["rev-parse", "HEAD"]);
  const tag = (name: string, date: number): string =>
    git(["tag", "-a", "-m", "user carol", "-m", "timestamp x", `scap/sync/2030-03-17/${name}`], date);
  tag("0001", 1_900_000_000 - 3600);
  tag("0002", 1_900_000_000 - 2);
  const log = eventLog(1_900_000_000).replaceAll("0123456789abcdef0123456789abcdef01234567", commit);
  writeFileSync(join(root, "scap/log/a.log"), log);
  const dryRun = eventLog(1_900_000_000 - 3590).replaceAll(
    "0123456789abcdef0123456789abcdef01234567",
    commit,
  );
  writeFileSync(join(root, "scap/log/b.log"), dryRun.replace(/("mode": ?)"deploy"/, '$1"dry-run"'));
  const { stdout } = await run("--json");
  const listed = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(listed.map(({ outcome, user }) => `${String(user)} ${String(outcome)}`)).toEqual([
    "alice failed",
    "carol unknown",
  ]);
  expect((await run("--utc")).stdout).toContain("scap/sync/2030-03-17/0001");
});
