import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ConfigError, inspectConfig, loadConfig, type Config, type LoadConfigOptions } from "../src/index.ts";

const FQDN = "deploy01.dc1.example";
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-config-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, shown: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, shown.replaceAll("⏎", "\n"));
}

const load = (options: Partial<LoadConfigOptions> = {}): Promise<Config> =>
  loadConfig({ cwd: root, systemFile: join(root, "etc.cfg"), fqdn: FQDN, ...options });

async function failure(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

const LAYERS =
  "[deploy01.dc1.example]⏎a: host⏎[dc1.example]⏎a: dc⏎b: dc⏎[global]⏎a: g⏎b: g⏎c: g⏎[deploy01]⏎c: short";

async function putCase31(): Promise<void> {
  await put("etc.cfg", "[global]⏎a: eg⏎b: eg⏎c: eg⏎[deploy01.dc1.example]⏎a: eh");
  await put("scap/scap.cfg", "[global]⏎a: lg⏎b: lg");
}

async function putCase32(): Promise<void> {
  await putCase31();
  await put("scap/environments/beta/scap.cfg", "[global]⏎b: beta⏎environment: other");
}

const pick = (config: Config, names: string): unknown[] => names.split("").map((name) => config.get(name));

describe("sections", () => {
  test("cases 25 and 26: the longest name wins, with or without a final dot", async () => {
    await put("scap/scap.cfg", LAYERS);
    expect(pick(await load(), "abc")).toEqual(["host", "dc", "g"]);
    expect(pick(await load({ fqdn: `${FQDN}.` }), "abc")).toEqual(["host", "dc", "g"]);
  });

  test("case 27: a name given explicitly is compared exactly", async () => {
    await put("scap/scap.cfg", "[deploy01.dc1.example]⏎a: host");
    expect((await load({ fqdn: "Deploy01.dc1.example" })).get("a")).toBeUndefined();
  });

  test.each([
    [28, "[DEFAULT]⏎foo: d⏎[global]⏎foo: g", "g"],
    [29, "[DEFAULT]⏎foo: d⏎[global]⏎foo: g⏎[example]⏎bar: 1", "d"],
    [30, "[DEFAULT]⏎foo: d", undefined],
  ])("case %i: %s", async (_, input, expected) => {
    await put("scap/scap.cfg", input);
    expect((await load()).get("foo")).toBe(expected);
  });

  test("case 31: a host section of the system beats [global] of the checkout", async () => {
    await putCase31();
    const config = await load();
    expect(pick(config, "abc")).toEqual(["eh", "lg", "eg"]);
    expect(config.get("environment")).toBeNull();
    expect(config.environment).toBeUndefined();
  });
});

describe("environments and overrides", () => {
  test("case 32: -e reads the environment's file and fixes the option", async () => {
    await putCase32();
    const config = await load({ environment: "beta" });
    expect([config.get("b"), config.get("environment")]).toEqual(["beta", "beta"]);
  });

  test("case 33: the option in the checkout does the same", async () => {
    await putCase32();
    await put("scap/scap.cfg", "[global]⏎a: lg⏎b: lg⏎environment: beta");
    const config = await load();
    expect([config.get("b"), config.get("environment"), config.environment]).toEqual([
      "beta",
      "beta",
      "beta",
    ]);
  });

  test("case 34: an environment needs no scap.cfg", async () => {
    await putCase31();
    await mkdir(join(root, "scap/environments/empty"), { recursive: true });
    const config = await load({ environment: "empty" });
    expect([...pick(config, "abc"), config.environment]).toEqual(["eh", "lg", "eg", "empty"]);
  });

  test("cases 35 and 36: an unknown environment is an error that names it", async () => {
    for (const options of [{ environment: "nope" }, { defines: ["environment:nope"] }]) {
      const error = await failure(load(options));
      expect(error.message).toContain("nope");
      expect(error.code).toBe("CONFIG_ENVIRONMENT_UNKNOWN");
    }
  });

  test("case 37: with -c only that file is read and no directory is asked for", async () => {
    await putCase32();
    await put("only.cfg", "[global]⏎a: only");
    const config = await load({ confFile: join(root, "only.cfg"), environment: "nope" });
    expect([...pick(config, "abc"), config.environment]).toEqual(["only", undefined, undefined, "nope"]);
  });

  test("an environment option in the -c file keeps the file's other options (config W1)", async () => {
    await put("only.cfg", "[global]⏎a: only⏎environment: nope");
    const config = await load({ confFile: join(root, "only.cfg") });
    expect([config.get("a"), config.environment]).toEqual(["only", "nope"]);
  });

  test("case 38: a definition beats every section", async () => {
    await putCase31();
    expect((await load({ defines: ["a:x", "a:cli"] })).get("a")).toBe("cli");
  });

  test("case 39: a definition without colon is refused with the expected form", async () => {
    const error = await failure(load({ defines: ["foo"] }));
    expect([error.code, error.message]).toEqual([
      "CONFIG_DEFINE_MALFORMED",
      'A definition has the form name:value, not "foo"',
    ]);
  });

  test("case 40: a definition is checked like a value of a file", async () => {
    const error = await failure(load({ defines: ["git_fat:maybe"] }));
    expect(error.message).toContain("-D git_fat:maybe: git_fat must be one of 1, yes");
  });

  test("a definition keeps blanks and case of its name", async () => {
    const config = await load({ defines: ["a: b", "Git_Fat:true"] });
    expect([config.get("a"), config.get("git_fat"), config.get("Git_Fat")]).toEqual([" b", false, "true"]);
  });

  test("-e with an empty text leaves the choice to the option", async () => {
    await putCase32();
    expect((await load({ environment: "" })).get("environment")).toBe("");
    expect((await load({ environment: "", defines: ["environment:beta"] })).get("b")).toBe("beta");
  });

  test("without the local configuration no checkout file counts, nor the environment's directory (config W2)", async () => {
    await putCase32();
    const config = await load({ localConfig: false, environment: "nope" });
    expect([...pick(config, "abc"), config.environment]).toEqual(["eh", "eg", "eg", "nope"]);
  });

  test.each(["../x", "a/b", "..", ".", "*", "a b"])(
    "%j is no name of an environment (config W11)",
    async (environment) => {
      expect((await failure(load({ environment }))).code).toBe("CONFIG_ENVIRONMENT_UNKNOWN");
    },
  );

  test("-c - reads the given stream", async () => {
    const stdin = Readable.from([Buffer.from("[global]\na: sent")]);
    expect((await load({ confFile: "-", stdin })).get("a")).toBe("sent");
  });
});

describe("problems", () => {
  test("all of them come at once, with file, line and option (config W8) (targets W12)", async () => {
    await put("etc.cfg", "[global]⏎cache_revs: 5.0⏎umask: 09");
    await put("scap/scap.cfg", "[global]⏎git_fat: y⏎⏎batch_size: 0⏎canary_failure_limit: 101%");
    const error = await failure(load());
    expect(error.message.replaceAll(`${root}/`, "")).toMatchInlineSnapshot(`
      "The configuration has 5 problems:
        etc.cfg:2: cache_revs must be an integer, not "5.0"
        etc.cfg:3: umask must be an octal mask such as 022, or a decimal number, not "09"
        scap/scap.cfg:2: git_fat must be one of 1, yes, true, on, 0, no, false, off, not "y"
        scap/scap.cfg:4: batch_size must be at least 1, not "0"
        scap/scap.cfg:5: canary_failure_limit must be a number of hosts such as 3, or a percentage of 0-100 such as 10%, not "101%""
    `);
  });

  test.each([
    "cache_revs: -5",
    "service_timeout: nan",
    "service_timeout: -1",
    "server_groups:",
    "lock_file:",
    "group_size: 0",
    "canary_group_size: x",
    "fetch_batch_size: -1",
    "failure_limit: -1",
    "service_port: 70000",
    "foss_violations: a,b",
  ])("%s is refused when loading (config W9) (config W10)", async (line) => {
    await put("scap/scap.cfg", `[global]⏎${line}`);
    const error = await failure(load());
    expect(error.message).toContain("scap/scap.cfg:2: ");
    expect(error.message).toContain(line.split(":")[0]);
  });

  test("syntax errors of all files come together", async () => {
    await put("etc.cfg", "foo: bar");
    await put("scap/scap.cfg", "[global]⏎foo⏎bar");
    expect((await failure(load())).problems).toHaveLength(3);
  });

  test("a file that is there and cannot be read is an error (config W3)", async () => {
    await mkdir(join(root, "scap/scap.cfg"), { recursive: true });
    const error = await failure(load());
    expect([error.code, error.message.includes("scap/scap.cfg")]).toEqual(["CONFIG_FILE_UNREADABLE", true]);
  });

  test("a -c file that does not exist is an error", async () => {
    expect((await failure(load({ confFile: join(root, "nope") }))).code).toBe("CONFIG_FILE_MISSING");
  });

  test("text that is not UTF-8 is refused with its line", async () => {
    await put("scap/scap.cfg", "");
    await writeFile(join(root, "scap/scap.cfg"), Buffer.from("[global]\nfoo: \xff\n", "latin1"));
    expect((await failure(load())).message).toContain("scap.cfg:2: the text is not UTF-8");
  });

  test("an inspected configuration shows what it can", async () => {
    await put("scap/scap.cfg", "[global]⏎cache_revs: -5⏎git_fat: y");
    const { config, problems } = await inspectConfig({ cwd: root, systemFile: "/nonexistent", fqdn: FQDN });
    expect([config.get("cache_revs"), config.get("git_fat"), problems.length]).toEqual([-5, "y", 2]);
  });
});

describe("values", () => {
  test("options that Python Scap does not type stay text, and accessors convert them", async () => {
    await put(
      "scap/scap.cfg",
      "[global]⏎canary_group_size: 2⏎service_port: 80⏎git_binary_manager: git-fat, git-lfs,",
    );
    const config = await load();
    expect([config.get("canary_group_size"), config.int("canary_group_size")]).toEqual(["2", 2]);
    expect([config.get("service_port"), config.int("service_port")]).toEqual(["80", 80]);
    expect(config.list("git_binary_manager")).toEqual(["git-fat", "git-lfs", ""]);
    expect([config.int("batch_size"), config.bool("nope"), config.str("nope")]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  test("origins name file, line and section, or the definition, or the default", async () => {
    await put("scap/scap.cfg", "[example]⏎cache_revs: 3");
    const config = await load({ defines: ["umask:022"] });
    expect(config.origin("cache_revs")).toEqual({
      kind: "file",
      file: join(root, "scap/scap.cfg"),
      line: 2,
      section: "example",
    });
    expect(config.origin("umask")).toEqual({ kind: "define", define: "umask:022" });
    expect(config.origin("git_fat")).toEqual({ kind: "default" });
    expect([config.int("cache_revs"), config.int("umask")]).toEqual([3, 18]);
  });
});

test("declarations of the caller type its own options", async () => {
  await put("scap/scap.cfg", "[global]⏎lab_hosts: 7");
  const options = [
    { name: "lab_hosts", type: "int", default: 3, help: "Hosts of the lab.", subject: "Lab" },
  ] as const;
  expect((await load({ options })).get("lab_hosts")).toBe(7);
});
