import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { scap, type Outcome } from "./in-process.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-bad-input-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** Answers are results or sentences, never crashes, and nothing has run. */
async function expectSense({ status, stderr, stdout }: Outcome): Promise<void> {
  expect([0, 1, 2]).toContain(status);
  expect(stderr).not.toMatch(/internal error|\n {4}at /);
  // oxlint-disable-next-line no-control-regex -- these are what must not be printed
  expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  expect(await readdir(root)).not.toContain("ran");
}

const HOSTILE = [
  "",
  " ",
  "a b",
  "'",
  '"',
  "a\nb",
  "$(touch ran)",
  "`touch ran`",
  "; touch ran",
  "-oProxyCommand=touch ran",
  "--",
  "-",
  "..",
  "../../etc",
  "/etc/passwd",
  "\u001b[2J",
  "\u202eabc",
  "\0",
  "%(a)s",
  "web[1:99999999999999999999]",
  "web[0000000000000000000000001:9]",
  "~(a+)+$",
  "!~",
  "[",
  "]",
  "*".repeat(2_000),
  "inline:web[1-3",
  "exec:/nonexistent/touch ran",
  "__proto__",
  "constructor",
  "ünïcödé",
  "x".repeat(10_000),
];

describe(`hostile words (seed ${SEED})`, () => {
  const word = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 20 }));

  test.each([
    ["-l", ["targets", "list", "-l"]],
    ["-x", ["targets", "list", "-x"]],
    ["-e", ["targets", "list", "-e"]],
    ["--list", ["targets", "list", "--list"]],
    ["--fqdn", ["config", "show", "--json", "--fqdn"]],
    ["-D", ["config", "show", "-D"]],
    ["an option's name", ["config", "explain"]],
    ["-c", ["config", "check", "-c"]],
  ])("as %s", async (_, argv) => {
    await put("scap/all", "web1\nweb2\n");
    await put("scap/scap.cfg", "[global]\ndsh_targets: all\n");
    const words = [...HOSTILE, ...fc.sample(word, { seed: SEED, numRuns: 60 })].filter(
      (each) => each !== "-",
    );
    for (const each of words) await expectSense(await scap(root, [...argv, each]));
  });

  test("as values of options in a file", async () => {
    await put("scap/all", "web1\n");
    for (const value of [...HOSTILE, ...fc.sample(word, { seed: SEED + 1, numRuns: 60 })]) {
      for (const name of ["dsh_targets", "server_groups", "group_size", "failure_limit", "environment"]) {
        await put("scap/scap.cfg", `[global]\n${name}: ${value}\n`);
        await expectSense(await scap(root, ["targets", "list", "--json"]));
        await expectSense(await scap(root, ["config", "check"]));
      }
    }
  });

  test("as lines of a host list", async () => {
    await put("scap/scap.cfg", "[global]\ndsh_targets: all\n");
    for (const value of [...HOSTILE, ...fc.sample(word, { seed: SEED + 2, numRuns: 60 })]) {
      await put("scap/all", `web1\n${value}\nweb2\n`);
      await expectSense(await scap(root, ["targets", "list"]));
    }
  });
});

test("an environment's configuration cut at any byte is shown, or refused with file and line", async () => {
  await put("scap/scap.cfg", "[global]\ndsh_targets: all\n");
  const whole = Buffer.from(
    "[global]\n; é\ncache_revs: 3\nservice_name = web,\n  é=reload\n[é.example]\numask: 022\n",
  );
  for (let end = 0; end <= whole.length; end += 1) {
    await put("scap/environments/beta/scap.cfg", whole.subarray(0, end));
    const outcome = await scap(root, ["config", "show", "-e", "beta"]);
    await expectSense(outcome);
    if (outcome.status !== 0) expect(outcome.stderr).toMatch(/beta\/scap\.cfg:\d+: /);
  }
});

test("a host list cut at any byte is read, or refused with file and line", async () => {
  await put("scap/scap.cfg", "[global]\ndsh_targets: all\n");
  const whole = Buffer.from("# é\nweb1 # first\n\nweb2.example.org\r\n\tweb3\n192.0.2.7\nweb4 #é\n");
  for (let end = 0; end <= whole.length; end += 1) {
    await put("scap/all", whole.subarray(0, end));
    const outcome = await scap(root, ["targets", "list", "--json"]);
    await expectSense(outcome);
    if (outcome.status !== 0)
      expect(outcome.stderr).toMatch(/scap\/all(?::\d+: | is not UTF-8)|No hosts?|no targets/);
  }
  await rm(join(root, "scap/all"));
});

test("a configuration cut at any byte is shown, or refused with file and line", async () => {
  const whole = Buffer.from(
    "[global]\n# é\ndsh_targets: all\nserver_groups: canary,\n  default\ncanary_dsh_targets = canary\n\n" +
      "group_size: 1\nfailure_limit: 33.4%\n[a.example]\nservice_timeout: 1e3\numask: 022\nÜ = é\n",
  );
  await put("scap/environments/beta/scap.cfg", "[global]\ncache_revs: 3\n");
  for (let end = 0; end <= whole.length; end += 1) {
    await put("scap/scap.cfg", whole.subarray(0, end));
    for (const options of [[], ["-e", "beta"]]) {
      const outcome = await scap(root, ["config", "show", "--fqdn", "x.a.example", ...options]);
      await expectSense(outcome);
      if (outcome.status !== 0) expect(outcome.stderr).toMatch(/scap\.cfg:\d+: /);
    }
  }
});
