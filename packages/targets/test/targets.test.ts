import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { loadConfig, type Config } from "@scap/config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  createDeployGroup,
  findHostListFile,
  loadDirectTargets,
  loadTargets,
  TargetsError,
  type LoadTargetsOptions,
  type TargetList,
} from "../src/index.ts";

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-targets-"));
  await put("B/t1", "web01\nweb02\nweb03\nweb04\nweb05\n");
  await put("B/canary", "web01\nweb02\n");
  await put("B/empty", "");
  await put("E/t1", "env01\n");
  await mkdir(at("B/adir"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
}

async function configure(lines: Record<string, string>): Promise<Config> {
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\n`);
  await put("scap.cfg", `[global]\n${text.join("")}`);
  return await loadConfig({ cwd: root, confFile: at("scap.cfg"), fqdn: "deploy1.example" });
}

async function load(
  lines: Record<string, string>,
  options: Partial<LoadTargetsOptions> = {},
): Promise<TargetList> {
  const config = await configure(lines);
  return await loadTargets({ config, key: "dsh_targets", searchPath: [at("B")], ...options });
}

const shape = (list: TargetList): Record<string, readonly string[]> =>
  Object.fromEntries(list.groups.map(({ name, hosts }) => [name, hosts]));

async function failure(promise: Promise<unknown>): Promise<TargetsError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TargetsError);
  return error as TargetsError;
}

const BOTH = { dsh_targets: "t1", canary_dsh_targets: "canary" };
const ALL_FIVE = ["web01", "web02", "web03", "web04", "web05"];

describe("finding the file", () => {
  const path = (): string[] => [at("E"), at("B"), "/etc/dsh/group"];

  test("cases 6 and 7: the first directory that has it counts", async () => {
    expect(await findHostListFile("t1", path())).toBe(at("E/t1"));
    expect(await findHostListFile("canary", path())).toBe(at("B/canary"));
    expect(await findHostListFile("../B/t1", path())).toBe(at("B/t1"));
  });

  test("case 8: a missing list is an error with all directories", async () => {
    const error = await failure(findHostListFile("nope", path()));
    expect(error.message).toBe(`There is no host list nope in ${path().join(", ")}`);
  });

  test("case 9: a directory is no host list", async () => {
    expect((await failure(findHostListFile("adir", path()))).message).toContain("is not a file");
  });

  test("a file that is far too large for a list is refused before it is read (targets W16)", async () => {
    await truncate(at("B/t1"), 1_000_000_000);
    const { code, message } = await failure(load({ dsh_targets: "t1" }));
    expect(code).toBe("TARGET_LIST_UNREADABLE");
    expect(message).toContain(`${at("B/t1")} is larger than`);
  });

  test("case 10: an absolute path is used as it is", async () => {
    expect(await findHostListFile(at("B/t1"), [])).toBe(at("B/t1"));
    expect((await failure(findHostListFile(at("B/t9"), []))).code).toBe("TARGET_LIST_MISSING");
  });

  test("a directory does not hide a file further on (targets W10)", async () => {
    await mkdir(at("E/canary"));
    expect(await findHostListFile("canary", path())).toBe(at("B/canary"));
  });

  test("case 11: an empty value leaves the group out", async () => {
    const list = await load({ dsh_targets: "" });
    expect([list.groups, list.warnings.length]).toEqual([[], 1]);
  });
});

describe("groups", () => {
  test("case 12: a host belongs to the first group that has it (targets W1)", async () => {
    const list = await load({ ...BOTH, server_groups: "canary,default" });
    expect(shape(list)).toEqual({ canary: ["web01", "web02"], default: ["web03", "web04", "web05"] });
    expect(list.hosts).toEqual(ALL_FIVE);
  });

  test("case 13: a group with nothing left is left out", async () => {
    const list = await load({ ...BOTH, server_groups: "default , canary" });
    expect(shape(list)).toEqual({ default: ALL_FIVE });
    expect(list.selection).toEqual([
      { name: "default", selected: 5, of: 5 },
      { name: "canary", selected: 0, of: 0 },
    ]);
  });

  test("case 14: only the lists of the groups are read", async () => {
    const list = await load({ ...BOTH, dsh_targets: "nope", server_groups: "canary" });
    expect(Object.keys(shape(list))).toEqual(["canary"]);
  });

  test("cases 15 and 16: a missing option is named", async () => {
    expect((await failure(load({ ...BOTH, server_groups: "canary," }))).message).toContain("_dsh_targets");
    const error = await failure(load({ dsh_targets: "t1", server_groups: "canary,default" }));
    expect([error.code, error.message.includes("canary_dsh_targets")]).toEqual([
      "GROUP_OPTION_MISSING",
      true,
    ]);
  });

  test("case 17: a group in capitals finds its options (config W12)", async () => {
    const list = await load({ ...BOTH, server_groups: "Canary", Canary_group_size: "1" });
    expect(list.groups[0]?.subgroups().map(({ label }) => label)).toEqual(["Canary1", "Canary2"]);
  });

  test("a group in capitals finds its options in definitions too, which keep their case", async () => {
    const config = await loadConfig({
      cwd: at("."),
      localConfig: false,
      systemFile: "/nonexistent",
      defines: ["server_groups:Canary", "Canary_dsh_targets:t1", "Canary_failure_limit:40%"],
    });
    const list = await loadTargets({ config, key: "dsh_targets", searchPath: [at("B")] });
    expect([list.hosts.length, list.groups[0]?.failureLimit]).toEqual([5, 2]);
  });

  test("case 18: a direct list gives a group for each file", async () => {
    const config = await configure({ mw_web_clusters: "canary, empty , t1" });
    const list = await loadDirectTargets({ config, key: "mw_web_clusters", searchPath: [at("B")] });
    expect(shape(list)).toEqual({ canary: ["web01", "web02"], t1: ["web03", "web04", "web05"] });
  });

  test("a direct list that is absent or empty has no groups", async () => {
    const config = await configure({ mw_web_clusters: "" });
    expect((await loadDirectTargets({ config, key: "mw_web_clusters" })).groups).toEqual([]);
    expect((await loadDirectTargets({ config, key: "nothing" })).groups).toEqual([]);
  });

  test("lists other than the deploy targets fall back to the plain option (targets W13)", async () => {
    const lines = { ...BOTH, dsh_proxies: "t1", server_groups: "canary,default" };
    expect(shape(await load(lines, { key: "dsh_proxies" }))).toEqual({ canary: ALL_FIVE });
  });

  test("a name listed twice counts once", async () => {
    const list = await load({ ...BOTH, server_groups: "default,canary,default" });
    expect(list.selection.map(({ name }) => name)).toEqual(["default", "canary"]);
  });

  test("the caller's search path is left alone (targets W14)", async () => {
    const searchPath = Object.freeze([at("B")]);
    await load({ ...BOTH, server_groups: "canary,default" }, { searchPath });
    expect(searchPath).toEqual([at("B")]);
  });
});

describe("limits", () => {
  test("each group says how many of its hosts were selected (targets W6)", async () => {
    const list = await load({ ...BOTH, server_groups: "canary,default" }, { limits: ["web0[2:3]"] });
    expect(list.selection).toEqual([
      { name: "canary", selected: 1, of: 2 },
      { name: "default", selected: 1, of: 3 },
    ]);
    expect(list.groups.map((group) => group.selectedOf)).toEqual([2, 3]);
  });

  test("a part that matches nothing fails with the nearest host (targets W6)", async () => {
    const error = await failure(load({ dsh_targets: "t1" }, { limits: ["web01,web06x"] }));
    expect([error.code, error.hint]).toEqual(["LIMIT_UNMATCHED", "Did you mean web01?"]);
    const list = await load({ dsh_targets: "t1" }, { limits: ["web01,web06"], allowUnmatched: true });
    expect([list.hosts, list.warnings]).toEqual([["web01"], ['The limit "web06" matches no host']]);
  });

  test("a negated part that takes nothing away is a warning (targets W5)", async () => {
    const list = await load({ dsh_targets: "t1" }, { limits: ["!db1"] });
    expect([list.hosts.length, list.warnings]).toEqual([5, ['The limit "!db1" takes no host away']]);
  });

  test("an empty list passes with the limit all", async () => {
    expect((await load({ dsh_targets: "empty" }, { limits: ["all"] })).groups).toEqual([]);
  });

  test.each([
    ["web01", ["web01"]],
    ["web0[12]$", ["web01", "web02"]],
    [".*5", ["web05"]],
    ["eb", []],
  ])("excluding %s takes away %j (excludes after case 36) (targets W7)", async (exclude, removed) => {
    const list = await load({ dsh_targets: "t1" }, { exclude });
    expect(list.excluded).toEqual(removed);
    expect(list.hosts).toEqual(ALL_FIVE.filter((host) => !removed.includes(host)));
  });

  test("an empty or invalid exclude is refused (targets W7)", async () => {
    expect((await failure(load({ dsh_targets: "t1" }, { exclude: "" }))).code).toBe("EXCLUDE_INVALID");
    expect((await failure(load({ dsh_targets: "t1" }, { exclude: "(" }))).code).toBe("EXCLUDE_INVALID");
  });
});

describe("sizes and failure limits", () => {
  const three = { dsh_targets: "inline:a[1-3]" };

  test.each([
    ["75%", 2],
    ["34%", 1],
    ["33.4%", 1],
    ["33%", 0],
    ["30%", 0],
    ["0%", 0],
    ["1", 1],
    ["2", 2],
  ])("cases 37 and 39: of three hosts %s is %i (A30)", async (failure_limit, expected) => {
    expect((await load({ ...three, failure_limit })).groups[0]?.failureLimit).toBe(expected);
  });

  test.each(["200%", "-5", "abc", "1.5", "%", ""])(
    "cases 39 and 40: the limit %j is refused with its option (targets W12)",
    async (failure_limit) => {
      await expect(load({ ...three, failure_limit })).rejects.toThrow(
        "failure_limit must be a number of hosts",
      );
    },
  );

  test.each(["0", "-1", "x", ""])(
    "case 47: the size %j is refused with its option (targets W12)",
    async (group_size) => {
      await expect(load({ ...three, group_size })).rejects.toThrow("group_size must be");
      const own = { ...three, default_group_size: group_size };
      await expect(load(own)).rejects.toThrow("default_group_size must be");
    },
  );

  test.each([
    [[], 1],
    [["a"], 0],
    [["a"], -1],
    [["a"], Number.NaN],
  ])("case 47: there is no group of the hosts %j with the size %d", (hosts, size) => {
    const parts = { name: "canary", hosts, size, failureLimit: 0, selectedOf: 3 };
    expect(() => createDeployGroup(parts)).toThrow(TargetsError);
  });

  test("case 38: the percentage is of the group, not of the subgroup", async () => {
    const list = await load({ ...three, failure_limit: "75%", group_size: "2" });
    expect([list.groups[0]?.failureLimit, list.groups[0]?.size]).toEqual([2, 2]);
  });

  test("case 41: percentages are exact (A30) (targets W11)", async () => {
    const lines = { dsh_targets: "inline:a[1-100]", failure_limit: "29%" };
    for (const percent of [29, 57, 58]) {
      const [group] = (await load({ ...lines, failure_limit: `${percent}%` })).groups;
      expect(group?.failureLimit).toBe(percent);
    }
    const ten = { ...lines, dsh_targets: "inline:a[1-10]" };
    expect((await load(ten)).groups[0]?.failureLimit).toBe(2);
  });

  test("no failure is allowed by default, and the whole group is one subgroup (targets W15)", async () => {
    const [group] = (await load(three)).groups;
    expect([group?.failureLimit, group?.size]).toEqual([0, 3]);
  });

  test("a group's own options win, also those of the group default", async () => {
    const lines = {
      ...three,
      failure_limit: "1",
      group_size: "2",
      default_failure_limit: "3",
      default_group_size: "1",
    };
    const [group] = (await load(lines)).groups;
    expect([group?.failureLimit, group?.size]).toEqual([3, 1]);
  });

  test("slices are numbered, and fewer hosts that fit into one are not (A31)", () => {
    const hosts = ["a", "b", "c", "d", "e"];
    const group = createDeployGroup({ name: "g", hosts, size: 2, failureLimit: 0, selectedOf: 5 });
    const labelled = (excluded: string[]): unknown =>
      Object.fromEntries(group.subgroups(new Set(excluded)).map((each) => [each.label, each.hosts]));
    expect(labelled([])).toEqual({ g1: ["a", "b"], g2: ["c", "d"], g3: ["e"] });
    expect(labelled(["a", "b", "c"])).toEqual({ g: ["d", "e"] });
  });

  const canary = (size: number) =>
    createDeployGroup({ name: "canary", hosts: ["a", "b", "c"], size, failureLimit: 0, selectedOf: 3 });

  test.each([
    [42, 2, [], { canary1: ["a", "b"], canary2: ["c"] }],
    [43, 3, [], { canary: ["a", "b", "c"] }],
    [43, 5, [], { canary: ["a", "b", "c"] }],
    [44, 2, ["a"], { canary: ["b", "c"] }],
    [45, 1, ["b"], { canary1: ["a"], canary2: ["c"] }],
    [46, 1, ["a", "b", "c"], {}],
  ])("case %i: size %i without %j", (_, size, excluded, expected) => {
    const subgroups = canary(size).subgroups(new Set(excluded));
    expect(Object.fromEntries(subgroups.map(({ label, hosts }) => [label, hosts]))).toEqual(expected);
  });
});

describe("lists that are no files", () => {
  test("an inline list may use ranges and several lines", async () => {
    const list = await load({ dsh_targets: "inline: web[2-3],web1\n  db1\n  web2" });
    expect(list.hosts).toEqual(["web1", "web2", "web3", "db1"]);
  });

  test("a program gets its arguments without a shell, and the group", async () => {
    await put("B/inventory", '#!/bin/sh\nprintf "%s\\n" "$SCAP_GROUP" "$#" "${2#?}"\n');
    await chmod(at("B/inventory"), 0o755);
    expect((await load({ dsh_targets: "exec:inventory a $HOME" })).hosts).toEqual(["default", "2", "HOME"]);
  });

  test("a program that fails is an error with what it said", async () => {
    await put("B/inventory", "#!/bin/sh\necho no database >&2\nexit 3\n");
    await chmod(at("B/inventory"), 0o755);
    const error = await failure(load({ dsh_targets: "exec:inventory" }));
    expect(error.message).toMatch(/inventory ended with 3: no database$/);
  });

  test("a program that takes too long is ended with its children", async () => {
    await put("B/inventory", "#!/bin/sh\nsleep 60 &\nwait\n");
    await chmod(at("B/inventory"), 0o755);
    const error = await failure(load({ dsh_targets: "exec:inventory" }, { timeoutMs: 200 }));
    expect(error.message).toContain("took longer than 0.2 seconds");
  });

  test("a program that cannot be run is an error", async () => {
    expect((await failure(load({ dsh_targets: "exec:t1" }))).message).toContain("cannot be run");
  });
});

test("the same seed gives the same order, and keeps every host (targets W1)", async () => {
  const shuffled = (shuffleSeed: number): Promise<TargetList> =>
    load({ dsh_targets: "inline:a[1-50]" }, { shuffleSeed });
  const [first, again, other] = [await shuffled(7), await shuffled(7), await shuffled(8)];
  expect(first.hosts).toEqual(again.hosts);
  expect(first.hosts).not.toEqual(other.hosts);
  expect(first.hosts.toSorted()).toEqual(other.hosts.toSorted());
});

test("ten thousand hosts in fifty groups are planned within 300 ms", { retry: 3 }, async () => {
  const names = Array.from({ length: 50 }, (_, index) => `g${index}`);
  const lines: Record<string, string> = {
    server_groups: names.join(","),
    group_size: "20",
    failure_limit: "3%",
  };
  for (const [index, name] of names.entries()) {
    const hosts = Array.from({ length: 200 }, (_, host) => `mw${index * 200 + host}.dc1.example`);
    await put(`B/${name}`, hosts.join("\n"));
    lines[`${name}_dsh_targets`] = name;
  }
  const config = await configure(lines);
  const start = performance.now();
  const list = await loadTargets({
    config,
    key: "dsh_targets",
    searchPath: [at("B")],
    limits: ["mw[1:9999].*", "mw0.*"],
  });
  const subgroups = list.groups.flatMap((group) => group.subgroups());
  expect(performance.now() - start).toBeLessThan(300);
  expect([list.hosts.length, subgroups.length]).toEqual([10_000, 500]);
});
