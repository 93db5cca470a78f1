import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { formatMessage, LEVELS } from "@scap/log";
import { parseVariables } from "@scap/template";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { DeployInfo, PublishedConfigFile } from "../../src/deploy-info.ts";
import { renderConfigFile } from "../../src/target/config/render-template.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
let etc: string;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
  etc = join(target.directory, "etc");
});
afterEach(() => target.remove());

function file(name: string, template: string, more: Partial<PublishedConfigFile> = {}): PublishedConfigFile {
  return { name, template, output_format: null, erb_syntax: false, ...more };
}

function configured(
  commit: string,
  files: PublishedConfigFile[],
  more: Partial<DeployInfo> = {},
): DeployInfo {
  return deployInfo(commit, {
    config_deploy: true,
    config_files: { files, override_vars: new Map([["x", "published"]]) },
    ...more,
  });
}

let runs = 0;
async function deploy(
  info: DeployInfo,
  stages: readonly Parameters<WorkerHandle["stage"]>[0][],
): Promise<WorkerHandle> {
  const worker = new WorkerHandle({ render: renderConfigFile });
  const hello = await worker.hello(target, `run-${String(++runs).padStart(6, "0")}`);
  await worker.publish(info);
  if (!hello.completeRevisions.includes(info.commit)) {
    await worker.sendRevision(source.directory, info.commit, hello);
  }
  for (const stage of stages) expect(await worker.stage(stage)).toMatchObject({ ok: true });
  return worker;
}

const ALL = ["fetch", "config_deploy", "promote", "finalize"] as const;

describe("rendering", () => {
  it("prints as Python does, or as YAML, and drops one final line end (B18)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "host: remotehost\nx: null\n");
    const template = "{{ host }}-{{ x }}\n\n";
    const commit = source.commit({ a: "one" });
    const files = [
      file("plain", template, { remote_vars: vars }),
      file("y.yaml", template, { remote_vars: vars, output_format: "yaml" }),
    ];
    await (await deploy(configured(commit, files), ALL)).close();
    expect(readFileSync(join(target.final, "plain"), "utf8")).toBe("remotehost-None\n");
    expect(readFileSync(join(target.final, "y.yaml"), "utf8")).toBe("remotehost-null\n");
  });

  it("keeps the variables of one file out of the next (B19) (template case 37) (deploy W30) (template W5)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "secret: s3cret\nx: remote\n");
    const files = [
      file("one", "{{ x }} {{ secret }}", { remote_vars: vars }),
      file("two", "{{ x }} {{ secret }}"),
    ];
    await (await deploy(configured(source.commit({ a: "one" }), files), ALL)).close();
    expect(readFileSync(join(target.final, "one"), "utf8")).toBe("remote s3cret");
    expect(readFileSync(join(target.final, "two"), "utf8")).toBe("published ");
  });

  it("names file and line of an undefined variable when templates are strict (template W3)", async () => {
    const info = configured(source.commit({ a: "one" }), [file("one", "\n{{ nosuch }}")], {
      strict_templates: true,
    });
    const worker = await deploy(info, ["fetch"]);
    const reply = await worker.stage("config_deploy");
    expect(reply).toMatchObject({ ok: false, error: { code: "TEMPLATE", exitCode: 1 } });
    expect(JSON.stringify(reply)).toMatch(/nosuch.*/);
    await worker.close();
  });

  it.each(["../out", ".git/config", "a/../../x", "/../x", "//etc/x", "/../../../escape/../../..", "etc/"])(
    "(template case 42) refuses the file name %j (deploy W31) (template W9)",
    async (name) => {
      const worker = await deploy(configured(source.commit({ a: "one" }), [file(name, "x")]), ["fetch"]);
      const reply = await worker.stage("config_deploy");
      expect(reply).toMatchObject({ ok: false, error: { code: "BAD_CONFIG_NAME" } });
      await worker.close();
    },
  );

  it.each([
    [undefined, /cannot use its remote_vars: .*remote\.yaml: there is no such file/],
    ["- a\n", /remote\.yaml: expected a mapping of variable names/],
    ["text\n", /remote\.yaml: expected a mapping of variable names/],
    ["a: 1\nb: [\n", /remote\.yaml:\d: invalid YAML/],
    ["a: 1\n2: b\n", /remote\.yaml:2: the variable name 2 is not a text/],
    [Buffer.from([0x61, 0x3a, 0x20, 0xe9]), /remote\.yaml: is not UTF-8/],
    ["a: *a\n", /remote\.yaml:1: invalid YAML/],
  ])(
    "(template case 44) says what is wrong with remote_vars that are %j, and writes nothing",
    async (text, message) => {
      const vars = join(target.directory, "remote.yaml");
      if (text !== undefined) writeFileSync(vars, text);
      const commit = source.commit({ a: "one" });
      const files = [file("first", "x"), file("one", "x", { remote_vars: vars })];
      const worker = await deploy(configured(commit, files), ["fetch"]);
      const reply = await worker.stage("config_deploy");
      expect(reply).toMatchObject({ ok: false, error: { code: "REMOTE_VARS", exitCode: 1 } });
      expect(JSON.stringify(reply)).toMatch(message);
      expect(existsSync(join(target.root, "revs", commit, "first"))).toBe(false);
      await worker.close();
    },
  );

  it("(template case 44) takes empty remote_vars for none, with a warning (template W7)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "");
    const commit = source.commit({ a: "one" });
    const worker = await deploy(configured(commit, [file("one", "{{ x }}", { remote_vars: vars })]), ALL);
    expect(readFileSync(join(target.final, "one"), "utf8")).toBe("published");
    const warnings = worker.records
      .filter(({ levelno }) => levelno === LEVELS.WARNING)
      .map((each) => formatMessage(each));
    expect(warnings).toEqual([`${vars} has no variables`]);
    await worker.close();
  });

  it("(template case 36) remote variables win over published ones, at the top only", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "{a: remote, b: remote, m: {x: 1}}\n");
    const template = "{{ a }} {{ b }} {{ c }} {{ m }}";
    const published = parseVariables("{a: ov, c: ov, m: {y: 2}}", { file: "o" }).variables;
    const render = async (override: ReadonlyMap<string, unknown>, remote: boolean): Promise<string> => {
      const files = [file("one", template, remote ? { remote_vars: vars } : {})];
      const info = configured(source.commit({ a: String(runs) }), files, {
        config_files: { files, override_vars: override },
      });
      await (await deploy(info, ALL)).close();
      return readFileSync(join(target.final, "one"), "utf8");
    };
    expect(await render(published, true)).toBe("remote remote ov {'x': 1}");
    expect(await render(new Map(), true)).toBe("remote remote  {'x': 1}");
    expect(await render(published, false)).toBe("ov  ov {'y': 2}");
  });

  it("remote variables are merged at every level where the file says merge: deep (template W6)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "{a: remote, m: {x: 1, n: {z: 3}}}\n");
    const published = parseVariables("{a: ov, m: {y: 2, n: {w: 4}}}", { file: "o" }).variables;
    const own = parseVariables("{own: 1, m: {o: 5}}", { file: "o" }).variables;
    const files = [
      file("deep", "{{ a }} {{ m }}", { remote_vars: vars, merge: "deep" }),
      file("own", "{{ own }} {{ m }}", { remote_vars: vars, merge: "deep", vars: own }),
    ];
    const info = configured(source.commit({ a: "one" }), files, {
      config_files: { files, override_vars: published },
    });
    await (await deploy(info, ALL)).close();
    expect(readFileSync(join(target.final, "deep"), "utf8")).toBe(
      "remote {'n': {'w': 4, 'z': 3}, 'y': 2, 'x': 1}",
    );
    expect(readFileSync(join(target.final, "own"), "utf8")).toBe("1 {'o': 5, 'x': 1, 'n': {'z': 3}}");
  });

  it.skipIf(process.getuid?.() !== 0)(
    "gives a file to its owner and group, and says whom it cannot give one to (deploy W36) (template W10)",
    async () => {
      const given = file("given", "x", { owner: "nobody", group: "nogroup", mode: "0600" });
      await (await deploy(configured(source.commit({ a: "one" }), [given]), ALL)).close();
      const { gid, mode, uid } = lstatSync(join(target.final, "given"));
      expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_534, 0o600]);
      const unknown = configured(source.commit({ a: "two" }), [
        file("given", "y", { owner: "no-such-user" }),
      ]);
      const worker = await deploy(unknown, ["fetch"]);
      expect(await worker.stage("config_deploy")).toMatchObject({
        ok: false,
        error: { code: "CONFIG_OWNER" },
      });
      await worker.close();
    },
  );

  it("gives a file with the same text the mode that it has now (template W10)", async () => {
    const commit = source.commit({ a: "one" });
    await (await deploy(configured(commit, [file("one", "x", { mode: "0644" })]), ALL)).close();
    await (await deploy(configured(commit, [file("one", "x", { mode: "0600" })]), ["config_deploy"])).close();
    expect((lstatSync(join(target.final, "one")).mode & 0o777).toString(8)).toBe("600");
  });

  it("(template case 41) puts absolute and relative files in their places, and leaves equal ones alone (template W17)", async () => {
    const commit = source.commit({ a: "one" });
    const path = join(etc, "x.yaml");
    const info = configured(commit, [file(path, "abs"), file("conf/x", "rel\r\nx")]);
    await (await deploy(info, ALL)).close();
    const places = [`.git/config-files${path}`, "conf/x"].map((place) =>
      join(target.root, "revs", commit, place),
    );
    expect(places.map((place) => readFileSync(place, "utf8"))).toEqual(["abs", "rel\nx"]);
    const before = places.map((place) => lstatSync(place, { bigint: true }));
    const worker = await deploy(info, ["config_deploy"]);
    expect(places.map((place) => lstatSync(place, { bigint: true }))).toEqual(before);
    expect(worker.records.map((each) => formatMessage(each))).toContain(
      `config files unchanged: ${path}, conf/x`,
    );
    writeFileSync(places[1] ?? "", "rel\r\nx");
    await worker.stage("config_deploy");
    expect(readFileSync(places[1] ?? "", "utf8")).toBe("rel\nx");
    await worker.close();
  });

  it("lets only owner and group read what is rendered with remote_vars, unless a mode is given (template W10)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "x: 1\n");
    const files = [
      file("open", "x"),
      file("secret", "{{ x }}", { remote_vars: vars }),
      file("given", "{{ x }}", { remote_vars: vars, mode: "0604" }),
    ];
    await (await deploy(configured(source.commit({ a: "one" }), files), ALL)).close();
    const modes = files.map(({ name }) => (lstatSync(join(target.final, name)).mode & 0o777).toString(8));
    expect(modes).toEqual([(0o666 & ~process.umask()).toString(8), "640", "604"]);
  });

  it("keeps all live files when the validate command of one refuses its new text (template W4)", async () => {
    const commit = source.commit({ a: "one" });
    const files = (text: string): PublishedConfigFile[] => [
      file("first", text),
      file("conf", text, { validate: "grep -q good" }),
    ];
    await (await deploy(configured(commit, files("good\n\n")), ALL)).close();
    const worker = await deploy(configured(commit, files("bad\n")), []);
    expect(await worker.stage("config_deploy")).toMatchObject({ error: { code: "CONFIG_REFUSED" } });
    expect(readFileSync(join(target.final, "conf"), "utf8")).toBe("good\n");
    expect(readFileSync(join(target.final, "first"), "utf8")).toBe("good\n");
    expect(readdirSync(target.final).filter((name) => name.includes("scap-new"))).toEqual([]);
    await worker.close();
  });
});

it("has a file validated whose path stands in quotes, and says which signal ended the command", async () => {
  const commit = source.commit({ a: "one" });
  const check = (validate: string): PublishedConfigFile[] => [file("my conf", "good\n", { validate })];
  for (const validate of ["grep -q good '%s'", 'grep -q good "%s"', 'test "$(cat %s)" = good'])
    await (await deploy(configured(commit, check(validate)), ALL)).close();
  const worker = await deploy(configured(source.commit({ a: "two" }), check("kill -9 $$; :")), ["fetch"]);
  expect(await worker.stage("config_deploy")).toMatchObject({
    error: {
      message: "Config file my conf was refused by its validate command (killed by SIGKILL)",
    },
  });
  await worker.close();
});

describe("a dry run", () => {
  async function dryRun(files: PublishedConfigFile[]): Promise<{ diffs: unknown[]; messages: string[] }> {
    const worker = new WorkerHandle({ render: renderConfigFile });
    await worker.hello(target, `run-${++runs}`, false);
    await worker.publish(configured(source.commit({ a: "one" }), files), true);
    expect(await worker.stage("config_diff")).toMatchObject({ ok: true });
    await worker.close();
    const diffs = worker.records.filter(({ type }) => type === "config_diff").map(({ output }) => output);
    return { diffs, messages: worker.records.map((record) => formatMessage(record)) };
  }

  it("shows what would change in relative and absolute files, and changes nothing (template W13)", async () => {
    mkdirSync(etc);
    const path = join(etc, "app.conf");
    writeFileSync(path, "by hand\n");
    const commit = source.commit({ a: "one" });
    await (await deploy(configured(commit, [file("conf", "one\n\n"), file("same", "same")]), ALL)).close();
    const { diffs, messages } = await dryRun([
      file("conf", "two\n\n"),
      file("same", "same"),
      file(path, "ours"),
      file(join(etc, "new/empty.conf"), ""),
    ]);
    expect(diffs).toEqual([
      "--- conf\n+++ conf (new)\n@@ -1 +1 @@\n-one\n+two\n",
      `--- ${path}\n+++ ${path} (new)\n@@ -1 +1 @@\n-by hand\n+ours\n\\ No newline at end of file\n`,
      `--- ${etc}/new/empty.conf\n+++ ${etc}/new/empty.conf (new)\n`,
    ]);
    expect(messages).toContain("No difference for same");
    expect(readFileSync(join(target.final, "conf"), "utf8")).toBe("one\n");
    expect(readFileSync(path, "utf8")).toBe("by hand\n");
  });

  it("masks values of remote_vars, old and new (template W13)", async () => {
    const vars = join(target.directory, "remote.yaml");
    writeFileSync(vars, "password: n3w-secret\n");
    mkdirSync(etc);
    const path = join(etc, "app.conf");
    writeFileSync(path, "user=app\npassword=0ld-secret\n");
    const { diffs } = await dryRun([
      file(path, "user=app\npassword={{ password }}\n\n", { remote_vars: vars }),
    ]);
    expect(diffs.join("")).toContain(" user=app\n-password=********\n+password=********\n");
  });

  it("says what it cannot read and shows the beginning of a long difference", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    const { diffs, messages } = await dryRun([
      file(etc, "x"),
      file(target.directory, "x"),
      file("long", lines.join("\n")),
    ]);
    expect(messages).toContain(`Cannot compare ${target.directory}: there is something else than a file`);
    expect(diffs).toHaveLength(2);
    expect(String(diffs[1])).toMatch(/\n\+line 5000\n[\s\S]*\n\\ \d+ more lines\n$/);
  });
});

describe("links to files with absolute names", () => {
  it("lead to the live revision, relatively, and switch with it", async () => {
    const path = join(etc, "web/app.yaml");
    const first = source.commit({ a: "one" });
    await (await deploy(configured(first, [file(path, "one\n\n")]), ALL)).close();
    expect(readlinkSync(path)).toMatch(/^\.\.\/\.\.\/srv\/acme\//);
    const place = `.git/config-files${path}`;
    expect(realpathSync(path)).toBe(join(target.root, "revs", first, place));
    const second = source.commit({ a: "two" });
    const worker = await deploy(configured(second, [file(path, "two\n\n")]), ["fetch", "config_deploy"]);
    expect(readFileSync(path, "utf8")).toBe("one\n");
    await worker.stage("promote");
    expect(readFileSync(path, "utf8")).toBe("two\n");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(path, "utf8")).toBe("one\n");
    expect(realpathSync(path)).toBe(join(target.root, "revs", first, place));
    await worker.close();
  });

  it("go when the new revision has no such file, and come back with rollback (deploy W5) (template W12)", async () => {
    const path = join(etc, "old.conf");
    await (await deploy(configured(source.commit({ a: "1" }), [file(path, "old")]), ALL)).close();
    const worker = await deploy(configured(source.commit({ a: "2" }), [file(join(etc, "new.conf"), "new")]), [
      "fetch",
      "config_deploy",
      "promote",
    ]);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(etc, "new.conf"), "utf8")).toBe("new");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(() => lstatSync(join(etc, "new.conf"))).toThrow(/ENOENT/);
    await worker.close();
  });

  it("keep a copy of a foreign file, which rollback of a first deployment puts back (deploy W13) (template W11)", async () => {
    const path = join(etc, "app.conf");
    mkdirSync(etc);
    writeFileSync(path, "by hand");
    const worker = await deploy(configured(source.commit({ a: "1" }), [file(path, "ours")]), [
      "fetch",
      "config_deploy",
      "promote",
    ]);
    expect(readFileSync(path, "utf8")).toBe("ours");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(path, "utf8")).toBe("by hand");
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    await worker.close();
  });

  it("resolve below a directory that is a symbolic link (deploy W13)", async () => {
    mkdirSync(join(target.directory, "real/deep"), { recursive: true });
    symlinkSync(join(target.directory, "real/deep"), etc);
    const path = join(etc, "app.conf");
    await (await deploy(configured(source.commit({ a: "1" }), [file(path, "ours")]), ALL)).close();
    expect(readFileSync(path, "utf8")).toBe("ours");
  });

  it("refuse a directory at their place before anything is switched", async () => {
    mkdirSync(join(etc, "app.conf"), { recursive: true });
    const worker = await deploy(configured(source.commit({ a: "1" }), [file(join(etc, "app.conf"), "x")]), [
      "fetch",
      "config_deploy",
    ]);
    expect(await worker.stage("promote")).toMatchObject({ error: { code: "CONFIG_PATH_TAKEN" } });
    expect(existsSync(target.final)).toBe(false);
    await worker.close();
  });

  it("of Python Scap, straight into a revision, are taken over", async () => {
    const path = join(etc, "app.conf");
    const first = source.commit({ a: "1" });
    await (await deploy(configured(first, [file(path, "one")]), ALL)).close();
    rmSync(path);
    symlinkSync(`../srv/acme/web-cache/revs/${first}/.git/config-files${path}`, path);
    const second = source.commit({ a: "2" });
    await (await deploy(configured(second, [file(path, "two")]), ALL)).close();
    expect(readFileSync(path, "utf8")).toBe("two");
  });
});

describe("a switch that was interrupted", () => {
  async function prepared(): Promise<[string, string]> {
    const first = source.commit({ a: "1" });
    await (await deploy(deployInfo(first), ALL)).close();
    const second = source.commit({ a: "2" });
    await (await deploy(deployInfo(second), ["fetch"])).close();
    writeFileSync(join(target.root, ".scap/journal"), JSON.stringify({ from: first, to: second }));
    return [first, second];
  }

  it("is taken back when the final path was not switched (deploy W14)", async () => {
    const [first, second] = await prepared();
    rmSync(join(target.root, "current"));
    symlinkSync(`revs/${second}`, join(target.root, "current"));
    const worker = new WorkerHandle();
    expect(await worker.hello(target, `run-${++runs}9`)).toMatchObject({ current: first });
    expect(readlinkSync(target.final)).toBe(`web-cache/revs/${first}`);
    await worker.close();
  });

  it("is finished when the final path was switched (deploy W14)", async () => {
    const [, second] = await prepared();
    rmSync(target.final);
    symlinkSync(`web-cache/revs/${second}`, target.final);
    const worker = new WorkerHandle();
    expect(await worker.hello(target, `run-${++runs}9`)).toMatchObject({ current: second });
    expect(existsSync(join(target.root, ".scap/journal"))).toBe(false);
    await worker.close();
  });
});
