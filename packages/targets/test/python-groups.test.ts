import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ConfigError, loadConfig } from "@scap/config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadTargets, TargetsError } from "../src/index.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const isMissing = !hasPython && process.env["CI"] === undefined;
const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

let state = SEED;
function pick<T>(items: readonly T[]): T {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return items[Math.floor((state / 2 ** 32) * items.length)] as T; // never empty
}
const rarely = (): boolean => pick([1, 2, 3]) === 1;

const HOSTS = [
  ...["web1", "web2", "web10", "web01", "web02", "web03", "web01.dc1.example", "web02.dc1.example", "web9"],
  ...["db1", "dba", "dbb", "dbc", "dbZ", "apix", "api.x", "WEB1", "x_y", "9host", "a-b", "üml.example", "é1"],
];
const ENDS = ["1", "2", "3", "9", "10", "01", "03", "0", "00", "a", "c", "C", "Z", "", "100", "09", "99"];
const PATTERNS = [
  ...[
    "*",
    "all",
    "web*",
    "*.example",
    "*.dc[1:2].example",
    "web[0:9][1:9]",
    "web0[12]",
    "web[^1]",
    "db[a-c]",
  ],
  ...[
    "*b*",
    "*1",
    "api.x",
    "web1?",
    "web+1",
    "a|b",
    "~web\\d$",
    "~dc1",
    "~.*dc1",
    "~(?i)WEB1",
    "~web[12]|db",
  ],
  ...["~\\w+$", "~(", "!", "!all", "!web*", "!!db[a:c]", "nope"],
];
const LIMITS = [
  "0%",
  "33%",
  "33.4%",
  "75%",
  "100%",
  "1",
  "0",
  "29%",
  "2",
  "50.5%",
  " 10 %",
  "1e1%",
  ".5%",
  "57%",
];

function listFile(): string {
  const line = (): string =>
    pick([
      pick(HOSTS),
      pick(HOSTS),
      pick(HOSTS),
      `${pick(HOSTS)} # x`,
      `${pick(HOSTS)}#x`,
      "#",
      "  web1",
      "[g]",
      "",
    ]);
  const count = pick([0, 2, 4, 6, 8]);
  const lines = Array.from({ length: count }, () => line() + pick(["\n", "\n", "\r\n", "\r"]));
  return pick(["", "", "\uFEFF"]) + lines.join("") + (rarely() ? pick(HOSTS) : "");
}

const directory = (): Record<string, string> =>
  Object.fromEntries(["t1", "canary"].filter(() => !rarely()).map((name) => [name, listFile()]));

function randomOptions(): Record<string, string> {
  const options: Record<string, string> = { dsh_targets: pick(["t1", "t1", "t1", "canary", "nope"]) };
  if (rarely())
    options["server_groups"] = pick(["canary,default", "default , canary", "canary", "canary,", "a,default"]);
  if (!rarely()) options["canary_dsh_targets"] = pick(["t1", "canary"]);
  for (const group of ["canary_", "default_", ""]) {
    if (rarely()) options[`${group}group_size`] = pick(["1", "2", "3", "10", " 2", "1_0"]);
    if (rarely()) options[`${group}failure_limit`] = pick(LIMITS);
  }
  return options;
}

function randomCase() {
  const range = `${pick(["web", "db", "*"])}[${pick(ENDS)}:${pick(ENDS)}]${pick(["", "*"])}`;
  return {
    options: randomOptions(),
    files: [directory(), directory(), directory()],
    limit: rarely() ? null : pick([range, pick(HOSTS), pick(PATTERNS)]),
    exclude: rarely() ? pick(["web", "db1", "db1$", ".*dc1", "(?i)web", "web\\d{2}", "[", "x|y"]) : null,
    gone: rarely() ? [pick(HOSTS), pick(HOSTS)] : [],
  };
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "scap-groups-"));
});
afterAll(() => rmSync(root, { recursive: true }));

async function ours({
  exclude,
  files,
  gone,
  limit,
  options,
}: ReturnType<typeof randomCase>): Promise<unknown> {
  const folders = files.map((lists, at) => {
    const folder = join(root, String(at));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [name, text] of Object.entries(lists)) writeFileSync(join(folder, name), text);
    return folder;
  });
  const defines = Object.entries(options).map(([name, value]) => `${name}:${value}`);
  try {
    const config = await loadConfig({ cwd: root, systemFile: "/nonexistent", localConfig: false, defines });
    const { groups } = await loadTargets({
      config,
      key: "dsh_targets",
      searchPath: folders.slice(0, 2),
      systemDirectory: folders[2],
      limits: limit === null ? undefined : [limit],
      exclude: exclude ?? undefined,
    });
    return groups.map((group) => {
      const slices = group.subgroups(new Set(gone)).map(({ hosts, label }) => [label, hosts]);
      return [group.name, group.hosts, group.size, group.failureLimit, slices];
    });
  } catch (error) {
    if (error instanceof TargetsError || error instanceof ConfigError) return null;
    throw error;
  }
}

describe.skipIf(isMissing)(`deploy groups${isMissing ? " NOT RUN: needs python3" : ""}`, () => {
  it(`have the hosts, sizes and limits that their specification gives them (seed ${SEED})`, async () => {
    const cases = Array.from({ length: 250 }, randomCase);
    const questions = cases.map(({ exclude, files, gone, limit, options }) => [
      options,
      files,
      limit,
      exclude,
      gone,
    ]);
    const script = fileURLToPath(new URL("groups-oracle.py", import.meta.url));
    const run = { input: JSON.stringify(questions), encoding: "utf8", maxBuffer: 1e9 } as const;
    const wanted = JSON.parse(execFileSync(PYTHON, ["-W", "ignore", script], run)) as unknown[];
    const differ: unknown[] = [];
    for (const [at, each] of cases.entries()) {
      const got = await ours(each);
      if (JSON.stringify(got) !== JSON.stringify(wanted[at]))
        differ.push({ ...each, got, wanted: wanted[at] });
    }
    expect(differ.slice(0, 3)).toEqual([]);
    expect(wanted.filter((groups) => Array.isArray(groups) && groups.length > 0).length).toBeGreaterThan(40);
  });
});
