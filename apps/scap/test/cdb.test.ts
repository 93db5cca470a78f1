import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCdb, l10nDirectory } from "@scap/cdb";
import type { Command } from "@scap/cli";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cdbJsonRefresh } from "../src/commands/cdb-json-refresh.ts";
import { cdbRebuild } from "../src/commands/cdb-rebuild.ts";
import { rebuildActiveVersions } from "../src/run/cdb-rebuild.ts";
import { scap } from "./in-process.ts";

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "scap-cdb-"));
});
afterEach(() => rmSync(tree, { recursive: true }));

// The work itself, for whoever runs the tests; becoming mwdeploy is up to sudo.
const asMyself: Command = { ...cdbRebuild, handler: () => Promise.resolve(rebuildActiveVersions) };
const commands = [asMyself, cdbJsonRefresh];
const run = async (...argv: string[]) => await scap(tree, argv, { commands });

async function prepare(...versions: string[]): Promise<void> {
  const wikis = versions.map((version, n) => [`wiki${n}`, `php-${version}`]);
  writeFileSync(join(tree, "wikiversions.json"), JSON.stringify(Object.fromEntries(wikis)));
  for (const version of versions) {
    const directory = l10nDirectory(tree, version);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "l10n_cache-en.cdb"), encodeCdb([["v", version]]));
    expect(await run("cdb-json-refresh", "-d", directory)).toMatchObject({ status: 0 });
    rmSync(join(directory, "l10n_cache-en.cdb"));
  }
}

test("refresh and rebuild say how many files they wrote, and carry the cache over", async () => {
  await prepare("1.45.0-wmf.10", "1.45.0-wmf.9");
  const directories = ["1.45.0-wmf.9", "1.45.0-wmf.10"].map((version) => l10nDirectory(tree, version));
  const args = ["cdb-rebuild", "-D", `deploy_dir:${tree}`];
  const said = (count: string): string => directories.map((name) => `Updated ${count} in ${name}\n`).join("");
  expect(await run(...args)).toEqual({ status: 0, stdout: "", stderr: said("1 CDB file") });
  expect(await run(...args)).toEqual({ status: 0, stdout: "", stderr: said("0 CDB files") });
  const cdb = readFileSync(join(directories[0] ?? "", "l10n_cache-en.cdb"));
  expect(cdb.equals(encodeCdb([["v", "1.45.0-wmf.9"]]))).toBe(true);
});

test("rebuild of one version leaves the others, and a version that is not active is named (cdb case 30)", async () => {
  await prepare("1.43.0-wmf.1", "1.43.0-wmf.2");
  const args = ["cdb-rebuild", "-D", `deploy_dir:${tree}`, "--no-progress", "--version"];
  expect((await run(...args, "php-1.43.0-wmf.2/")).status).toBe(0);
  expect(readdirSync(l10nDirectory(tree, "1.43.0-wmf.1"))).toEqual(["upstream"]);
  const { status, stderr } = await run(...args, "1.43.0-wmf.3");
  expect([status, stderr]).toEqual([1, expect.stringContaining('"1.43.0-wmf.3" is not active')]);
});

test("a bad JSON file gives status 1 and is named", async () => {
  await prepare("1.43.0-wmf.1");
  writeFileSync(join(l10nDirectory(tree, "1.43.0-wmf.1"), "upstream", "l10n_cache-en.cdb.json"), "{");
  const { status, stderr } = await run("cdb-rebuild", "-D", `deploy_dir:${tree}`);
  expect([status, stderr]).toEqual([1, expect.stringContaining("l10n_cache-en.cdb.json, offset 1: ")]);
});

test("one bad JSON file among three leaves two rebuilt, status 1 and its name (cdb case 29)", async () => {
  await prepare("1.43.0-wmf.1");
  const directory = l10nDirectory(tree, "1.43.0-wmf.1");
  for (const lang of ["de", "fr"])
    writeFileSync(join(directory, `l10n_cache-${lang}.cdb`), encodeCdb([["v", lang]]));
  await run("cdb-json-refresh", "-d", directory);
  writeFileSync(join(directory, "upstream", "l10n_cache-en.cdb.json"), '{"v":null}');
  const { status, stderr } = await run("cdb-rebuild", "-D", `deploy_dir:${tree}`, "--force");
  const json = join(directory, "upstream", "l10n_cache-en.cdb.json");
  expect([status, stderr.split("\n").toSorted()]).toEqual([
    1,
    [
      "",
      `${json}, offset 5: expected a string as the value, found "null}"`,
      "Failed: l10n_cache-en.cdb",
      `Updated 2 CDB files in ${directory}`,
    ].toSorted(),
  ]);
});

test("a bad CDB file does not keep refresh from the others; it is named, and the status is 1", async () => {
  writeFileSync(join(tree, "bad.cdb"), "too short");
  writeFileSync(join(tree, "good.cdb"), encodeCdb([["k", "v"]]));
  expect(await run("cdb-json-refresh", "--directory", tree, "--threads", "1")).toEqual({
    status: 1,
    stdout: "",
    stderr: `${join(tree, "bad.cdb")}, offset 9: not a CDB file: 9 bytes, and the index alone has 2048
Updated 1 JSON file in ${tree}
Failed: bad.cdb
`,
  });
  expect(readFileSync(join(tree, "upstream", "good.cdb.json"), "utf8")).toBe('{"k":"v"}');
});

test("what is missing or empty is a warning, and the status 0 (cdb cases 27 and 28)", async () => {
  await prepare("1.43.0-wmf.1");
  const upstream = join(l10nDirectory(tree, "1.43.0-wmf.1"), "upstream");
  const rebuild = async () => await run("cdb-rebuild", "-D", `deploy_dir:${tree}`);
  const json = join(upstream, "l10n_cache-en.cdb.json");
  rmSync(join(upstream, "l10n_cache-en.cdb.MD5"));
  const nothing = `Updated 0 CDB files in ${l10nDirectory(tree, "1.43.0-wmf.1")}\n`;
  expect(await rebuild()).toMatchObject({
    status: 0,
    stderr: `warning: ${json} has no MD5 file: skipped\n${nothing}`,
  });
  for (const path of [json, upstream]) {
    rmSync(path, { recursive: true });
    const warning = `warning: ${upstream} is empty: there is nothing to rebuild\n`;
    expect(await rebuild()).toMatchObject({ status: 0, stderr: warning + nothing });
  }
});

test.each(["0", "-1", "7"])("%s is a number of threads for both (cdb W12)", async (threads) => {
  await prepare("1.43.0-wmf.1");
  const directory = l10nDirectory(tree, "1.43.0-wmf.1");
  const rebuild = await run("cdb-rebuild", "-D", `deploy_dir:${tree}`, `--threads=${threads}`);
  expect(rebuild).toMatchObject({ status: 0, stderr: `Updated 1 CDB file in ${directory}\n` });
  const refresh = await run("cdb-json-refresh", "-d", directory, `-t${threads}`);
  expect(refresh).toMatchObject({ status: 0, stderr: `Updated 0 JSON files in ${directory}\n` });
});

test("with --verbose each file is told, what was done with it or not", async () => {
  await prepare("1.43.0-wmf.1");
  const directory = l10nDirectory(tree, "1.43.0-wmf.1");
  const args = ["cdb-rebuild", "-D", `deploy_dir:${tree}`, "-v"];
  expect((await run(...args)).stderr).toContain("l10n_cache-en.cdb: written\n");
  expect((await run(...args)).stderr).toContain("l10n_cache-en.cdb: unchanged\n");
  expect((await run("cdb-json-refresh", "-v", "-d", directory)).stderr).toContain(
    "l10n_cache-en.cdb: unchanged\n",
  );
});

test("a tree without wikiversions.json, and a directory that is not there, are named", async () => {
  const { status, stderr } = await run("cdb-rebuild", "-D", `deploy_dir:${tree}`);
  expect([status, stderr]).toEqual([1, expect.stringContaining(join(tree, "wikiversions.json"))]);
  expect((await run("cdb-json-refresh", "-d", join(tree, "none"))).status).not.toBe(0);
});
