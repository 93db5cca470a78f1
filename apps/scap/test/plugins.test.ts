import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { loadChecks } from "@scap/checks";
import { loadConfig } from "@scap/config";
import { createLogger } from "@scap/log";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { loadPlugins } from "../src/plugins/load-plugins.ts";
import { notifierSink } from "../src/plugins/notifier-sink.ts";
import { pluginCommands } from "../src/plugins/plugin-commands.ts";
import { pythonPlugins } from "../src/plugins/python-plugins.ts";
import type { Plugin } from "../src/plugins/plugin.ts";
import { COMMANDS } from "../src/commands/index.ts";
import { scap, type Outcome } from "./in-process.ts";

const SITE = fileURLToPath(new URL("../../../examples/plugins/site.js", import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-plugins-"));
  await put("plugins/package.json", '{ "type": "module" }');
  await copyFile(SITE, join(root, "plugins/site.js"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  return join(root, path);
}

async function load(paths: string, env = {}): Promise<{ plugins: Plugin[]; warnings: string[] }> {
  const warnings: string[] = [];
  const config = await loadConfig({ cwd: root, systemFile: "/nonexistent", defines: [`plugins:${paths}`] });
  const plugins = await loadPlugins({ config, cwd: root, env, warn: (text) => warnings.push(text) });
  return { plugins, warnings };
}

async function site(): Promise<Plugin> {
  const { plugins } = await load(join(root, "plugins/site.js"));
  const [plugin] = plugins;
  if (plugin === undefined) throw new Error("the example was not loaded");
  return plugin;
}

describe("the example", () => {
  test("brings a command with help", async () => {
    const { commands = [] } = await site();
    expect(await scap(root, ["hello", "-l", "world"], { commands })).toMatchObject({
      status: 0,
      stdout: "HELLO, WORLD\n",
    });
    expect((await scap(root, ["hello", "--help"], { commands })).stdout).toContain("scap hello -l world");
  });

  test("brings a type of checks that is written as a tcp check", async () => {
    const file = await put("checks.yaml", "checks:\n  cache:\n    type: redis\n    stage: promote\n");
    const { checks } = loadChecks({ files: [file], derived: (await site()).checkTypes ?? [] });
    expect(checks[0]).toMatchObject({ name: "cache", type: "tcp" });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no port");
      },
      "no port",
    ],
    ["returns nothing", () => undefined, "must return options with a type"],
    ["is asynchronous", async () => ({ type: "tcp" }), "must return options with a type"],
  ])("a type of checks whose derive %s is a problem with its place", async (_, derive, message) => {
    const file = await put("checks.yaml", "checks:\n  cache:\n    type: own\n    stage: promote\n");
    const derived = [{ name: "own", derive: derive as never }];
    expect(() => loadChecks({ files: [file], derived })).toThrow(message);
    expect(() => loadChecks({ files: [file], derived })).toThrow(/checks\.yaml:2: check "cache": /);
  });

  test("brings a notifier that is told announcements in order", async () => {
    const diary = await put("diary", "");
    process.env["DEPLOYMENT_DIARY"] = diary;
    const [notifier] = (await site()).notifiers ?? [];
    if (notifier === undefined) throw new Error("no notifier");
    const sink = notifierSink(notifier, () => undefined);
    const logger = createLogger({ name: "deploy", sinks: [sink] });
    logger.info("only logged");
    logger.named("scap.announce").info("Started");
    logger.named("scap.announce").info("Finished");
    await sink.close();
    delete process.env["DEPLOYMENT_DIARY"];
    expect(await readFile(diary, "utf8")).toBe("Started\nFinished\n");
  });

  test("brings a transport", async () => {
    expect((await site()).transports?.map(({ name }) => name)).toEqual(["jump"]);
  });
});

describe("commands of plugins", () => {
  const inRoot = async (...argv: string[]): Promise<Outcome> => {
    const defines = ["-D", `plugins:${join(root, "plugins/site.js")}`];
    return await scap(root, [...argv, ...defines], { commands: COMMANDS });
  };

  test("take options of their own", async () => {
    const defines = ["-D", `plugins:${join(root, "plugins/site.js")}`];
    const commands = [...COMMANDS];
    const moreCommands = await pluginCommands(commands, ["hello", ...defines, "-l", "you"], {
      ...{ cwd: root, env: {}, stderr: process.stderr },
    });
    expect(moreCommands.map(({ name }) => name)).toEqual(["hello"]);
  });

  test("are in scap list, also as JSON", async () => {
    expect((await inRoot("list")).stdout).toMatch(/^hello +Greet somebody$/m);
    const { commands } = JSON.parse((await inRoot("list", "--json")).stdout) as {
      commands: { name: string }[];
    };
    expect(commands.map(({ name }) => name)).toContain("hello");
  });

  test.each(["bash", "zsh", "fish"])("are in the completion of %s with their options", async (shell) => {
    const { stdout } = await inRoot("completion", shell);
    expect(stdout).toContain("hello");
    expect(stdout).toMatch(/(?:--|-l )loud/);
  });

  test("leave lists as they are when the configuration cannot be read", async () => {
    const { status, stderr, stdout } = await scap(root, ["list", "-c", "/nonexistent/scap.cfg"], {
      commands: COMMANDS,
    });
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: plugins are left out: .*nonexistent/),
    ]);
    expect(stdout).toContain("deploy");
  });

  test("that throw are blamed on their plugin, and those that return nothing are done", async () => {
    const broken = await put(
      "plugins/broken.js",
      `export const plugin = { name: "odd", commands: [
        { name: "throws", summary: "x", handler: async () => async () => { null.x; } },
        { name: "refuses", summary: "x", handler: async () => async () => {
          throw Object.assign(new Error("no such colour"), { code: "COLOUR", hint: "Take red." }); } },
        { name: "loads", summary: "x", handler: async () => { throw new Error("not loaded"); } },
        { name: "silent", summary: "x", handler: async () => async () => {} },
      ] };`,
    );
    const argv = ["any", "-D", `plugins:${broken}`];
    const stderr = new PassThrough();
    const commands = await pluginCommands([], argv, { stderr, env: {}, cwd: root });
    const call = (name: string): Promise<Outcome> => scap(root, [name], { commands });
    expect(await call("throws")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^scap: The plugin odd failed: Cannot read.*\nThis is not a part of scap/,
      ),
    });
    expect((await scap(root, ["throws", "-v"], { commands })).stderr).toContain("broken.js");
    expect((await call("refuses")).stderr).toBe("scap: no such colour\nTake red.\n");
    expect((await call("loads")).stderr).toContain("The plugin odd failed: not loaded");
    expect((await call("silent")).status).toBe(0);
  });
});

describe("loading", () => {
  test("does not wait for ever", async () => {
    const slow = await put(
      "plugins/slow.js",
      "await new Promise(() => setInterval(() => {}, 1000).unref());",
    );
    const warnings: string[] = [];
    const config = await loadConfig({ cwd: root, systemFile: "/nonexistent", defines: [`plugins:${slow}`] });
    const plugins = await loadPlugins({
      ...{ config, cwd: root, env: {}, patienceMs: 50 },
      warn: (text) => warnings.push(text),
    });
    expect([plugins, warnings]).toEqual([[], [expect.stringContaining("it took longer than 0.05 seconds")]]);
  });

  test("leaves out commands that no help page could show", async () => {
    const bare = await put(
      "plugins/bare.js",
      "export const plugin = { name: 'bare', commands: [{ name: 'x' }] };",
    );
    const odd = await put(
      "plugins/odd.js",
      "export const plugin = { name: 'odd', commands: [{ name: 'x', summary: 'x', options: 'none' }] };",
    );
    const { warnings } = await load(`${bare},${odd}`);
    expect(warnings.join()).toContain("its command x has no summary");
    expect(warnings.join()).toContain("options of its command x must be a list");
  });

  test("leaves out what fails, with a warning, and goes on", async () => {
    const broken = await put("plugins/broken.js", "throw new Error('no luck');");
    const empty = await put("plugins/empty.js", "export const other = 1;");
    const { plugins, warnings } = await load(`${broken}, ${empty}, relative.js, ${root}/plugins/site.js`);
    expect(plugins.map(({ name }) => name)).toEqual(["site"]);
    expect(warnings.map((text) => text.replaceAll(root, ""))).toEqual([
      "the plugin /plugins/broken.js is left out: no luck",
      "the plugin /plugins/empty.js is left out: it exports no object named plugin",
      "the plugin relative.js is left out: its path must be absolute",
    ]);
  });

  test("refuses a file that others can write (cli W2)", async () => {
    await chmod(join(root, "plugins/site.js"), 0o666);
    const { plugins, warnings } = await load(join(root, "plugins/site.js"));
    expect([plugins, warnings[0]]).toEqual([[], expect.stringContaining("can be written by others")]);
  });

  test("loads nothing that only a checkout names (cli W2)", async () => {
    await put("scap/scap.cfg", `[global]\nplugins: ${root}/plugins/site.js\n`);
    const config = await loadConfig({ cwd: root, systemFile: "/nonexistent" });
    const loading = loadPlugins({ config, cwd: root, env: {}, warn: () => undefined });
    await expect(loading).rejects.toThrow("A checkout must not name plugins");
  });

  test("loads nothing with SCAP_DISABLE_PLUGINS", async () => {
    expect((await load(join(root, "plugins/site.js"), { SCAP_DISABLE_PLUGINS: "1" })).plugins).toEqual([]);
  });
});

test.skipIf(process.geteuid?.() !== 0)(
  "no plugin is loaded for root where root is refused, not even for help (cli W2)",
  async () => {
    await put(
      "plugins/evil.js",
      `import { writeFileSync } from "node:fs"; writeFileSync("${root}/ran", "");`,
    );
    const io = { stderr: { write: () => true }, env: {}, cwd: root } as unknown as Parameters<
      typeof pluginCommands
    >[2];
    const argv = ["hello", "-D", `plugins:${root}/plugins/evil.js`];
    expect(await pluginCommands([], [...argv, "-D", "refuse_root:true"], io)).toEqual([]);
    expect(existsSync(join(root, "ran"))).toBe(false);
    await pluginCommands([], argv, io);
    expect(existsSync(join(root, "ran"))).toBe(true);
  },
);

test("a command with a name of scap is left out with a warning", async () => {
  await put(
    "plugins/clash.js",
    "export const plugin = { name: 'clash', commands: [{ name: 'version', summary: 'x' }] };",
  );
  const warnings: string[] = [];
  const stderr = { write: (text: string) => warnings.push(text) };
  const io = { stderr, env: {}, cwd: root } as unknown as Parameters<typeof pluginCommands>[2];
  const argv = ["hello", "-D", `plugins:${root}/plugins/clash.js,${root}/plugins/site.js`];
  const commands = await pluginCommands([{ name: "version", summary: "Print" }], argv, io);
  expect(commands.map(({ name }) => name)).toEqual(["hello"]);
  expect(warnings).toEqual([
    "warning: the command version of the plugin clash is left out: scap has one of that name\n",
  ]);
});

test("plugins of Python Scap are found, but not what it would pass over", async () => {
  for (const name of [
    "scap/plugins/x.py",
    "scap/plugins/_x.py",
    "scap/plugins/x.txt",
    "home/.scap/plugins/y.py",
  ])
    await put(name, "raise SystemExit");
  const found = await pythonPlugins(root, join(root, "home"));
  expect(found.map((path) => path.replace(root, ""))).toEqual([
    "/home/.scap/plugins/y.py",
    "/scap/plugins/x.py",
  ]);
});
