import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { DeployInfo } from "../src/deploy-info.ts";
import { parseDeployInfo } from "../src/parse-deploy-info.ts";
import { serialiseDeployInfo } from "../src/serialise-deploy-info.ts";
import { DeployError } from "../src/errors.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);
const lacksPython = !existsSync("/usr/bin/python3") && process.env["CI"] === undefined;
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Reads a text as a deploy info, or refuses it with the error that targets report. */
function read(text: string): DeployInfo | undefined {
  try {
    return parseDeployInfo(text, "DEPLOY_HEAD");
  } catch (error) {
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({ code: "DEPLOY_INFO" });
    return undefined;
  }
}

const text = fc.string({ unit: "grapheme" });
const odd = fc.constantFrom(
  "yes",
  "~",
  "0x1f",
  "1_0",
  "12:30",
  "1e3",
  "-",
  "? a",
  "a: b",
  "#x",
  "<<",
  "&a",
  "\t",
  " ",
  "\n",
  "é\n",
);
const word = fc.oneof(odd, text);
const info = fc.record(
  {
    commit: fc.constant(COMMIT),
    tag: word,
    git_rev: word,
    user: word,
    timestamp: word,
    original_origin: word,
    log_json: fc.boolean(),
    perform_checks: fc.boolean(),
    cache_revs: fc.nat(),
    environment: word,
    service_name: word,
    service_timeout: fc.double({ min: 0, max: 1e6, noNaN: true }),
    git_submodules: fc.boolean(),
    umask: fc.integer({ min: 0, max: 0o777 }),
  },
  {
    requiredKeys: [
      "commit",
      "tag",
      "git_rev",
      "user",
      "timestamp",
      "original_origin",
      "log_json",
      "perform_checks",
    ],
  },
);

describe(`deploy infos (seed ${SEED})`, () => {
  test("are read back as they were written, whatever their texts are", () => {
    fc.assert(
      fc.property(info, (given) => {
        expect(parseDeployInfo(serialiseDeployInfo(given), "DEPLOY_HEAD")).toEqual(given);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test("may be cut at any byte", () => {
    const checks = new Map(Object.entries({ "smoke it": { command: "x", timeout: 5 }, é: {} }));
    const [given] = fc.sample(info, { seed: SEED, numRuns: 1 });
    for (const orderedChecks of [false, true]) {
      const bytes = Buffer.from(serialiseDeployInfo({ ...(given as DeployInfo), checks }, { orderedChecks }));
      for (let end = 0; end < bytes.length; end += 1) read(bytes.subarray(0, end).toString());
    }
  });

  test("may be garbage", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (garbage) => {
        read(garbage);
        read(`commit: ${COMMIT}\nchecks: ${garbage}\n`);
        read(`commit: ${COMMIT}\n${garbage}`);
      }),
      { seed: SEED, numRuns: 80 },
    );
  });

  const laughs = Array.from(
    { length: 12 },
    (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(", ")}]\n`,
  );
  test.each([
    ["a billion laughs", `l0: &l0 [x]\n${laughs.join("")}commit: ${COMMIT}\nchecks: {a: *l12}\n`],
    ["deep nesting", `checks: ${"[".repeat(200_000)}`],
    ["deep mappings", `checks: ${"{a: ".repeat(100_000)}`],
    ["an alias of itself", `checks: &c {a: *c}\ncommit: ${COMMIT}\n`],
    ["merges that double", `a: &a {x: 1}\n${"b: &a {<<: [*a, *a], y: *a}\n".repeat(60)}commit: ${COMMIT}\n`],
    [
      "an ordered map in an ordered map",
      `checks: ${"!!python/object/apply:collections.OrderedDict [[[a, ".repeat(9_000)}`,
    ],
    ["a tag that makes objects", `commit: ${COMMIT}\nchecks: {a: !!python/object/new:os.system [x]}\n`],
  ])("refuse %s with one short sentence", (_, hostile) => {
    let refusal: unknown;
    try {
      parseDeployInfo(hostile, "DEPLOY_HEAD");
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(DeployError);
    expect(String(refusal).length).toBeLessThan(400);
  });

  test("do not reach the prototype of anything", () => {
    const given = read(`__proto__: {polluted: 1}\ncommit: ${COMMIT}\nchecks: {__proto__: {command: x}}\n`);
    expect(given?.commit).toBe(COMMIT);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["command"]).toBeUndefined();
  });

  test.skipIf(lacksPython)(
    `are read by PyYAML as they were written${lacksPython ? " NOT RUN: needs /usr/bin/python3" : ""}`,
    () => {
      const given = fc.sample(info, { seed: SEED, numRuns: 300 });
      const program =
        "import json, sys, yaml\nprint(json.dumps([yaml.safe_load(x) for x in json.load(sys.stdin)]))";
      const input = JSON.stringify(given.map((each) => serialiseDeployInfo(each)));
      const printed = execFileSync("/usr/bin/python3", ["-c", program], {
        input,
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(JSON.parse(printed.toString())).toEqual(given);
    },
  );
});
