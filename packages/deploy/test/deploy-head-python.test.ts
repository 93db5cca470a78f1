import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadChecks } from "@scap/checks";
import { parseVariables } from "@scap/template";
import { describe, expect, it } from "vitest";

import type { DeployInfo } from "../src/deploy-info.ts";
import { serialiseDeployInfo } from "../src/serialise-deploy-info.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["-c", "import yaml"]).status === 0;
const isMissing = !hasPython && process.env["CI"] === undefined;
const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

/** Reads checks and variables as Python Scap does, and writes the deploy info as it does. */
const PROGRAM = `
import json, sys, yaml
from collections import OrderedDict
class Loader(yaml.SafeLoader):
    pass
def mapping(loader, node):
    return OrderedDict(loader.construct_pairs(node))
Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
def head(info, files, variables):
    info["checks"] = OrderedDict()
    for text in files:
        info["checks"].update(yaml.load(text, Loader)["checks"])
    for text in variables:
        info["config_files"]["override_vars"].update(yaml.safe_load(text))
    return yaml.dump(info, default_flow_style=False)
print(json.dumps([head(*question) for question in json.load(sys.stdin)]))
`;

let state = SEED;
function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function pick<T>(items: readonly T[]): T {
  return items[below(items.length)] as T; // never empty
}

const TEXTS = [
  ...["curl -Ss localhost:1134 | grep -q 'up: yes'", "true", "a: b # c", "it's\n\ntwo\n", " x ", "é\u2028😀"],
  ...["{{ port }}", "-", "'", '"', "2020-01-01", "null", "x".repeat(100), `${"word ".repeat(30)}end`, ""],
];
const OPTIONS = ["command", "type", "after", "before", "timeout", "shell", "group", "zeta", "alpha"];
const SCALARS = [
  "60",
  "60.0",
  "-0.5",
  "1.5e+16",
  ".inf",
  "true",
  "no",
  "~",
  "2020-01-01",
  "12345678901234567890",
];

function value(depth: number): string {
  if (below(3) === 0) return pick(SCALARS);
  if (depth === 0 || below(3) > 0) return JSON.stringify(pick(TEXTS));
  const members = Array.from({ length: below(4) }, () => value(depth - 1));
  if (below(2) === 0) return `[${members.join(", ")}]`;
  return `{${members.map((member, at) => `"${pick(["b", "A", "é", "1", "_"])}${at}": ${member}`).join(", ")}}`;
}

/** Options that a check may have: what it means is no matter here. */
function option(name: string): string {
  if (name === "timeout") return pick(["1", "60.0", "2.5", "'7'"]);
  if (name === "shell") return pick(["true", "off"]);
  if (name === "zeta" || name === "alpha") return value(2);
  return JSON.stringify(pick(["fetch", "promote", "canary", "a b", "it's: \n"]));
}

function checksFile(): string {
  const names = ["smoke", "a", "Z", "old one", "é", "'5'"].filter(() => below(2) === 0);
  const checks = names.map((name) => {
    const options = OPTIONS.filter(() => below(2) === 0).toSorted(() => below(3) - 1);
    return `  ${name}: {${options.map((each) => `${each}: ${option(each)}`).join(", ")}}\n`;
  });
  return checks.length === 0 ? "checks: {}\n" : `checks:\n${checks.join("")}`;
}

function variablesFile(): string {
  const names = ["port", "hosts", "Zone", "_x", "é", "m"].filter(() => below(2) === 0);
  return `last: 1\n${names.map((name) => `${name}: ${value(2)}\n`).join("")}`;
}

const COMMIT = "4f2a9c1e0b7d8a6655443322110099ffeeddccbb";
const INFO: DeployInfo = {
  tag: "scap/sync/2031-04-05/0001",
  commit: COMMIT,
  git_rev: COMMIT,
  user: "deployer",
  timestamp: "2031-04-05T06:07:08.123456",
  original_origin: "",
  log_json: true,
  perform_checks: true,
  service_name: "web, worker=reload",
  service_port: "8080",
};

describe.skipIf(isMissing)(`DEPLOY_HEAD${isMissing ? " NOT RUN: needs python3-yaml" : ""}`, () => {
  it(`has the bytes of Python Scap, from the files of a checkout (seed ${SEED})`, () => {
    const folder = mkdtempSync(join(tmpdir(), "scap-deploy-head-"));
    try {
      const cases = Array.from({ length: 120 }, () => ({
        checks: [checksFile(), checksFile()],
        variables: [variablesFile(), variablesFile()],
      }));
      const files = ["general.yaml", "environment.yaml"].map((name) => join(folder, name));
      const got = cases.map(({ checks, variables }) => {
        for (const [at, file] of files.entries()) writeFileSync(file, checks[at] ?? "");
        const override_vars = new Map(
          variables.flatMap((text) => [...parseVariables(text, { file: "vars.yaml" }).variables]),
        );
        const info = {
          ...INFO,
          checks: loadChecks({ files }).definitions,
          config_files: { files: [], override_vars },
        };
        return serialiseDeployInfo(info, { orderedChecks: true });
      });
      const published = { ...INFO, config_files: { files: [], override_vars: {} } };
      const input = JSON.stringify(cases.map(({ checks, variables }) => [published, checks, variables]));
      const output = execFileSync(PYTHON, ["-c", PROGRAM], { input, encoding: "utf8", maxBuffer: 1e9 });
      const wanted = JSON.parse(output) as string[]; // a list of texts, by the program above
      const answers = cases.map((each, at) => ({ ...each, got: got[at], wanted: wanted[at] }));
      expect(answers.filter((answer) => answer.got !== answer.wanted).slice(0, 3)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
