import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
import { scap } from "./in-process.ts";

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

describe("loading", () => {
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

  test("refuses a file that others can write", async () => {
    await chmod(join(root, "plugins/site.js"), 0o666);
    const { plugins, warnings } = await load(join(root, "plugins/site.js"));
    expect([plugins, warnings[0]]).toEqual([[], expect.stringContaining("can be written by others")]);
  });

  test("loads nothing that only a checkout names", async () => {
    await put("scap/scap.cfg", `[global]\nplugins: ${root}/plugins/site.js\n`);
    const config = await loadConfig({ cwd: root, systemFile: "/nonexistent" });
    const loading = loadPlugins({ config, cwd: root, env: {}, warn: () => undefined });
    await expect(loading).rejects.toThrow("A checkout must not name plugins");
  });

  test("loads nothing with SCAP_DISABLE_PLUGINS", async () => {
    expect((await load(join(root, "plugins/site.js"), { SCAP_DISABLE_PLUGINS: "1" })).plugins).toEqual([]);
  });
});

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
