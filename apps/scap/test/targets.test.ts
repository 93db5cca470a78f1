import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { scap } from "./in-process.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-targets-"));
  await put("scap/all", "web1\nweb2\nweb3\nweb4\n");
  await put("scap/canary", "web1\n");
  await put(
    "scap/scap.cfg",
    "[global]\ndsh_targets: all\ncanary_dsh_targets: canary\nserver_groups: canary, default\ngroup_size: 2\nfailure_limit: 50%\n",
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const list = (...options: string[]) => scap(root, ["targets", "list", "--fqdn", "d1.example", ...options]);

test("list --json shows groups, subgroups and failure limits", async () => {
  const { status, stdout, stderr } = await list("--json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual({
    groups: [
      { name: "canary", hosts: ["web1"], subgroups: [{ name: "canary", hosts: ["web1"] }], failureLimit: 0 },
      {
        name: "default",
        hosts: ["web2", "web3", "web4"],
        subgroups: [
          { name: "default1", hosts: ["web2", "web3"] },
          { name: "default2", hosts: ["web4"] },
        ],
        failureLimit: 1,
      },
    ],
  });
});

test("list folds hosts and says how many were selected (targets W6) (targets W7) (targets W16)", async () => {
  expect((await list()).stdout).toMatchInlineSnapshot(`
    "canary      1 host   0 may fail  web1
    default     3 hosts  1 may fail  web[2-4]
      default1  2                    web[2-3]
      default2  1                    web4
    "
  `);
  expect((await list("-l", "web[2:3]", "-x", "web3")).stdout).toMatchInlineSnapshot(`
    "default  1 of 3 hosts  0 may fail  web2
    canary: 0 of 1 host
    excluded: web3
    "
  `);
});

test("the environment's own list comes first", async () => {
  await put("scap/environments/beta/all", "beta1\n");
  const { stdout } = await list("--json", "-e", "beta");
  expect(JSON.parse(stdout).groups[1].hosts).toEqual(["beta1"]);
});

test.each([
  [["-l", "web9"], 1, "matches none of 4 hosts"],
  [["-l", ""], 2, "empty part"],
  [["-l", "~"], 2, "no regular expression"],
  [["-l", "web[2:1]"], 2, "incorrect"],
  [["-x", ""], 2, "exclude every host"],
  [["-D", "dsh_targets:nope"], 2, "no host list nope in"],
])("list %j ends with %i (targets W5) (targets W6)", async (options, status, message) => {
  const outcome = await list(...options);
  expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
  expect(outcome.stderr).toContain(message);
});

test.each([
  [["expand", "web[1-3]"], "web1\nweb2\nweb3\n"],
  [["expand", "web2", "db1"], "db1\nweb2\n"],
  [["expand", ""], ""],
  [["fold", "web3", "web1", "web2"], "web[1-3]\n"],
  [["fold", "web[1-5]&web[4-9]"], "web[4-5]\n"],
  [["count", "web[1-1000000]"], "1000000\n"],
  [["split", "3", "web[1-10]"], "web[1-4]\nweb[5-7]\nweb[8-10]\n"],
  [["query", "@default and not @canary"], "web[2-4]\n"],
  [["query", "--expand", "G{web*} and web[1-2]"], "web1\nweb2\n"],
])("targets %j prints %j", async (argv, expected) => {
  expect(await scap(root, ["targets", ...argv])).toEqual({ status: 0, stdout: expected, stderr: "" });
});

test("fold reads names from standard input", async () => {
  expect((await scap(root, ["targets", "fold"], "web1 web2\n\nweb3\n")).stdout).toBe("web[1-3]\n");
  expect((await scap(root, ["targets", "fold"], "")).stdout).toBe("\n");
});

test.each([
  ["expand", "web[1-"],
  ["expand", "web[1-99999999999]"],
  ["fold", "a,,b"],
  ["count", "@all"],
  ["split", "0", "web1"],
  ["split", "x", "web1"],
  ["query", "web1 or"],
])("targets %s %s is wrong usage", async (...argv) => {
  const outcome = await scap(root, ["targets", ...argv]);
  expect([outcome.status, outcome.stdout]).toEqual([2, ""]);
  expect(outcome.stderr).not.toContain("internal error");
});
