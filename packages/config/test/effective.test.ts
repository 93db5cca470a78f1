import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import {
  BATCH_STAGES,
  checkConfig,
  ConfigError,
  effectiveOptions,
  inspectConfig,
  loadConfig,
  OPTIONS,
  overlayConfig,
  parseFossViolations,
  readSecret,
  stageBatchSize,
  type Config,
} from "../src/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-config-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const configure = (...defines: string[]): Promise<Config> =>
  loadConfig({ cwd: root, systemFile: "/nonexistent", localConfig: false, defines });

async function configureFile(text: string): Promise<Config> {
  await writeFile(join(root, "scap.cfg"), text);
  return await loadConfig({ cwd: root, confFile: join(root, "scap.cfg"), fqdn: "d1.dc1.example" });
}

async function warningsOf(text: string): Promise<string[]> {
  await writeFile(join(root, "scap.cfg"), text);
  const inspected = await inspectConfig({
    cwd: root,
    confFile: join(root, "scap.cfg"),
    fqdn: "d1.dc1.example",
  });
  return checkConfig(inspected).warnings.map(({ message }) => message);
}

describe("batch sizes", () => {
  test("a stage's own size wins, names are lower-cased, and 80 is the most", async () => {
    const config = await configureFile(
      "[global]\nbatch_size: 5\nfetch_batch_size: 200\nPromote_Batch_Size: 3\n",
    );
    const sizes = Object.fromEntries(BATCH_STAGES.map((stage) => [stage, stageBatchSize(config, stage)]));
    expect(sizes).toEqual({
      fetch: 80,
      config_deploy: 5,
      promote: 3,
      handle_service: 5,
      rollback: 5,
      config_diff: 5,
      finalize: 5,
    });
    expect(stageBatchSize(await configure(), "fetch")).toBe(80);
  });
});

describe("foss_violations", () => {
  test.each([
    ["a, b ,c,\n d,e,f,", 2],
    ["", 0],
    ["a,b,c", 1],
  ])("%j has %i records", (text, count) => {
    expect(parseFossViolations(text)).toHaveLength(count);
  });

  test("records have repository, branch and path", () => {
    expect(parseFossViolations("a, b ,c,")).toEqual([{ repo: "a", branch: "b", path: "c" }]);
    expect(parseFossViolations("a,b")).toBeUndefined();
  });
});

describe("the overlay of a deployment", () => {
  test("wins over files and loses to definitions", async () => {
    const config = overlayConfig(await configure("cache_revs:9"), {
      cache_revs: 2,
      service_timeout: 120,
      git_repo: 5,
      git_fat: true,
      environment: "beta",
      service_port: "8080",
    });
    expect(
      ["cache_revs", "service_timeout", "git_repo", "git_fat", "service_port"].map((name) =>
        config.get(name),
      ),
    ).toEqual([9, 120, "5", true, "8080"]);
    expect([config.environment, config.origin("git_fat"), config.int("service_port")]).toEqual([
      "beta",
      { kind: "overlay" },
      8080,
    ]);
  });

  test("gives an integer option the number without its fraction, as Python does", async () => {
    const config = overlayConfig(await configure(), { cache_revs: 2.9, service_timeout: 2.5 });
    expect([config.get("cache_revs"), config.get("service_timeout")]).toEqual([2, 2.5]);
  });

  test("gives an option for texts the printed form of a list, as Python does", async () => {
    const list = ["a", "it's", `'"\\`, true, null, 2.5, ["\n\u00a0é\u200b"], { b: 1 }];
    const config = overlayConfig(await configure(), { git_server: list });
    expect(config.get("git_server")).toBe(
      String.raw`['a', "it's", '\'"\\', True, None, 2.5, ['\n\xa0é\u200b'], {'b': 1}]`,
    );
  });

  test("sets nothing else, whatever it contains (config W14)", async () => {
    const before = await configure();
    const config = overlayConfig(before, {
      ssh_user: "root",
      deploy_dir: "/",
      checks: { a: 1 },
      cache_revs: ["x"],
      git_server: null,
      __proto__: { git_fat: true },
    });
    expect(effectiveOptions(config)).toEqual(effectiveOptions(before));
  });

  test("with a value of the wrong type is refused", async () => {
    const config = await configure();
    expect(() => overlayConfig(config, { cache_revs: "x" })).toThrow(ConfigError);
  });
});

describe("secrets", () => {
  test("come from the option, a file or a variable (config W16)", async () => {
    const file = join(root, "token");
    await writeFile(file, "from-file\nmore\n");
    const name = "patch_bot_phorge_token";
    expect(await readSecret(await configure(`${name}:plain`), name)).toBe("plain");
    expect(await readSecret(await configure(`${name}_file:${file}`), name)).toBe("from-file");
    expect(await readSecret(await configure(`${name}_env:TOKEN`), name, { TOKEN: "from-env" })).toBe(
      "from-env",
    );
    expect(await readSecret(await configure(), name)).toBeUndefined();
  });

  test("that cannot be read are an error without the secret", async () => {
    const config = await configure("patch_bot_phorge_token_env:TOKEN");
    await expect(readSecret(config, "patch_bot_phorge_token", {})).rejects.toThrow(
      "The environment variable TOKEN, which patch_bot_phorge_token_env names, is not set",
    );
  });
});

describe("warnings (config W4) (config W5) (config W6)", () => {
  test.each([
    ["[global]\nunknown_thing: 1\n", []],
    ["[global]\ngit_repos: x\n", ["there is no option git_repos; did you mean git_repo?"]],
    ["[global]\numask: 22\n", ["umask 22 is decimal (octal 026); start it with 0 for octal"]],
    ["[global]\numask: 2\n", []],
    ["[global]\nmax_failures: 2\n", ["max_failures is deprecated: Nothing reads it."]],
    ["[Global]\na: 1\n", ["section [Global] does not apply here; did you mean [global]?"]],
    ["[ global ]\na: 1\n", ["section [ global ] does not apply here; did you mean [global]?"]],
    ["[d1]\na: 1\n", ["section [d1] does not apply: a host's section has the full name [d1.dc1.example]"]],
    ["[other.example]\na: 1\n", []],
    [
      "[DEFAULT]\na: d\n[global]\na: g\n[example]\nb: 1\n",
      ["a of [DEFAULT] beats the one of [global], because a section for this host exists"],
    ],
    [
      "[global]\nserver_groups: canary, default\ncanry_group_size: 1\n",
      ["canry_group_size is for a group canry, which server_groups does not list; did you mean canary?"],
    ],
    [
      "[global]\ngit_binary_manager: git-fat, git-lsf,\n",
      ['git_binary_manager names "git-lsf", which is not known; did you mean git-lfs?'],
    ],
    [
      "[global]\ngit_binary_manager: annex\n",
      ['git_binary_manager names "annex", which is not known; it knows git-fat, git-lfs'],
    ],
    ["[global]\ngit_scheme: htps\n", ['git_scheme names "htps", which is not known; did you mean https?']],
    ["[global]\ngit_binary_manager:\ngit_scheme: https\n", []],
  ])("%j", async (text, expected) => {
    expect(await warningsOf(text)).toEqual(expected);
  });
});

test("deprecated options are left to the check, since real repositories have them (config W19)", async () => {
  const config = await configureFile("[global]\nmax_failures: 2\ngit_fat: true\n");
  expect(config.warnings).toEqual([]);
});

test("the default ssh_user is the account of the process, whatever its variables say (config W17)", async () => {
  for (const name of ["LOGNAME", "USER", "LNAME", "USERNAME"]) vi.stubEnv(name, "somebody-else");
  expect((await configure()).str("ssh_user")).toBe(userInfo().username);
  vi.unstubAllEnvs();
});

test("every option is declared once, with a line of help", () => {
  const names = OPTIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, help } of OPTIONS)
    expect([name, help]).toEqual([name, expect.stringMatching(/^\w.*\.$/)]);
});

test("the defaults are those of Python Scap 4.96", async () => {
  const config = await configure();
  const names = [
    "umask",
    "failure_limit",
    "cache_revs",
    "k8s_clusters",
    "group_size",
    "mw_web_clusters",
    "tcpircbot_port",
  ];
  expect(names.map((name) => config.get(name))).toEqual([
    2,
    "0%",
    5,
    "eqiad, codfw",
    null,
    "jobrunner,appserver,appserver_api,testserver",
    "9200",
  ]);
  expect(config.get("git_repo")).toBeUndefined();
});
