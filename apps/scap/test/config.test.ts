import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { scap } from "./in-process.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-config-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

test("show --json is one object of options to values, with types", async () => {
  await put(
    "scap/scap.cfg",
    "[global]\ncache_revs: 010\ngit_fat: ON\ncanary_group_size: 2\numask: 022\nmine: a # b\n",
  );
  const { status, stdout } = await scap(root, ["config", "show", "--json", "--fqdn", "d1.example"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    cache_revs: 10,
    git_fat: true,
    canary_group_size: "2",
    umask: 18,
    mine: "a # b",
    environment: null,
    git_server: null,
    service_timeout: 120,
  });
});

test("show --origin names file, line and section", async () => {
  await put("scap/scap.cfg", "[example]\n\ncache_revs: 3\n");
  const { stdout } = await scap(root, [
    "config",
    "show",
    "--origin",
    "--fqdn",
    "d1.example",
    "-D",
    "tags_to_keep:1",
  ]);
  expect(stdout).toMatch(/^cache_revs +3 +.*scap\/scap\.cfg:3 \[example\]$/m);
  expect(stdout).toMatch(/^tags_to_keep +1 +-D tags_to_keep:1$/m);
  expect(stdout).toMatch(/^lock_file +\(unset\) +default$/m);
});

test("show never prints a secret", async () => {
  await put("scap/scap.cfg", "[global]\npatch_bot_phorge_token: hunter2\n");
  for (const options of [
    ["show"],
    ["show", "--json"],
    ["show", "--origin"],
    ["explain", "patch_bot_phorge_token"],
  ]) {
    const { stdout } = await scap(root, ["config", ...options]);
    expect(stdout).toContain("[redacted]");
    expect(stdout).not.toContain("hunter2");
  }
});

test("show prints what it can when a value is wrong, and ends with 1", async () => {
  await put("scap/scap.cfg", "[global]\ncache_revs: 5.0\n");
  const { status, stdout, stderr } = await scap(root, ["config", "show", "--json"]);
  expect([status, JSON.parse(stdout).cache_revs]).toEqual([1, "5.0"]);
  expect(stderr).toMatch(/scap\.cfg:2: cache_revs must be an integer, not "5\.0"/);
});

test.each([
  [["-D", "foo"], 1, "name:value"],
  [["-e", "nope"], 1, "nope"],
  [["-c", "/nonexistent/scap.cfg"], 2, "no configuration file"],
])("show %j ends with %i", async (options, status, message) => {
  const outcome = await scap(root, ["config", "show", ...options]);
  expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
  expect(outcome.stderr).toContain(message);
});

test("show reads a configuration from standard input", async () => {
  const { stdout } = await scap(root, ["config", "show", "--json", "-c", "-"], "[global]\nmine: 1\n");
  expect(JSON.parse(stdout).mine).toBe("1");
});

test("check reports wrong values of all sections, near misses and deprecated options (config W5) (config W6) (config W19)", async () => {
  await put(
    "scap/scap.cfg",
    "[global]\nfailure_limt: 3\ngit_fat: true\ngit_server: deploy1 # main\n[other.example]\ngroup_size: 0\n[gobal]\n",
  );
  const { status, stdout } = await scap(root, ["config", "check", "--fqdn", "d1.example", "-D", "Umask:2"]);
  expect(status).toBe(1);
  expect(stdout.replaceAll(`${root}/`, "")).toMatchInlineSnapshot(`
    "error: scap/scap.cfg:6: group_size must be at least 1, not "0"
    warning: scap/scap.cfg:7: section [gobal] does not apply here; did you mean [global]?
    warning: scap/scap.cfg:2: there is no option failure_limt; did you mean failure_limit?
    warning: scap/scap.cfg:4: the value of git_server contains what looks like a comment: a comment needs a line of its own
    warning: -D Umask:2: there is no option Umask; did you mean umask?
    warning: scap/scap.cfg:3: git_fat is deprecated: Use git_binary_manager: git-fat.
    1 error, 5 warnings
    "
  `);
});

test("check ends with 0 when all is well", async () => {
  expect(await scap(root, ["config", "check", "-c", "-"])).toMatchObject({
    status: 0,
    stdout: "0 errors, 0 warnings\n",
  });
});

test("explain says what an option is for and who sets it", async () => {
  await put(
    "scap/scap.cfg",
    "[global]\ngroup_size: 2\n[d1.example]\ngroup_size: 3\n[d2.example]\ngroup_size: 4\n",
  );
  const { status, stdout } = await scap(root, ["config", "explain", "group_size", "--fqdn", "d1.example"]);
  expect(status).toBe(0);
  expect(stdout.replaceAll(`${root}/`, "")).toMatchInlineSnapshot(`
    "group_size: Maximum hosts per subgroup.
      type     int (hosts)
      default  (unset)
      value    3 (scap/scap.cfg:4 [d1.example])

    set in
      scap/scap.cfg:2 [global]      2  overridden
      scap/scap.cfg:4 [d1.example]  3  in effect
      scap/scap.cfg:6 [d2.example]  4  for other hosts
    "
  `);
});

test("explain suggests the nearest option", async () => {
  const { status, stderr } = await scap(root, ["config", "explain", "cache_rev"]);
  expect([status, stderr]).toEqual([2, "There is no option cache_rev. Did you mean cache_revs?\n"]);
});

test("neither a defined secret nor the password of a URL is printed (config W16)", async () => {
  const secret = ["-D", "patch_bot_phorge_token:hunter2", "-D", "web_proxy:http://me:hunter2@proxy:8080/"];
  for (const command of [
    ["show", "--origin"],
    ["show", "--json", "--origin"],
    ["check"],
    ["explain", "patch_bot_phorge_token"],
    ["explain", "web_proxy"],
  ]) {
    const { stderr, stdout } = await scap(root, ["config", ...command, ...secret]);
    expect(stdout + stderr).not.toContain("hunter2");
  }
  const { stdout } = await scap(root, ["config", "explain", "web_proxy", ...secret]);
  expect(stdout).toMatch(/^ {2}-D web_proxy:http:\/\/me:\[redacted\]@proxy:8080\/ .* in effect$/m);
});
