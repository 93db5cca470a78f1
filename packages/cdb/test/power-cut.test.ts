import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeCdb } from "../src/index.ts";
import { CDB, run } from "./run-cdb.ts";

const RECORDER = fileURLToPath(new URL("./fixtures/record-file-calls.cjs", import.meta.url));

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "cdb-power-cut-")));
  mkdirSync(join(directory, "l10n"));
  writeFileSync(join(directory, "l10n", "l10n_cache-en.cdb"), encodeCdb([["k", "v"]]));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the built command and gives what it did with files, with paths below the cache. */
async function fileCalls(...args: string[]): Promise<string[]> {
  const log = join(directory, "calls");
  writeFileSync(log, "");
  const argv = ["--require", RECORDER, CDB, ...args, join(directory, "l10n"), "--threads", "1"];
  expect(await run(process.execPath, argv, "", directory)).toMatchObject({ code: 0 });
  return readFileSync(log, "utf8")
    .replaceAll(join(directory, "l10n"), ".")
    .replaceAll(/\.\d+\.[0-9a-f]{8}\.tmp/g, ".tmp")
    .split("\n")
    .slice(0, -1);
}

/** Of calls about these files, the order. */
const about = (calls: readonly string[], part: string): string[] =>
  calls.filter((call) => call.includes(part));

test("refreshed files are on the disk before they get their names, and then the names are (cdb W14)", async () => {
  const calls = await fileCalls("refresh");
  for (const kind of ["json", "MD5"]) {
    const path = `./upstream/l10n_cache-en.cdb.${kind}`;
    expect(about(calls, path)).toEqual([`flush ${path}.tmp`, `rename ${path}.tmp ${path}`]);
  }
  const lastName = calls.findLastIndex((call) => call.startsWith("rename "));
  expect(calls.slice(lastName)).toContain("flush ./upstream");
});

test("a rebuilt file has its time before it has its name, and is on the disk (cdb W14) (cdb W16)", async () => {
  await fileCalls("refresh");
  rmSync(join(directory, "l10n", "l10n_cache-en.cdb"));
  const json = join(directory, "l10n", "upstream", "l10n_cache-en.cdb.json");
  utimesSync(json, 1_700_000_000, 1_700_000_000);
  const calls = await fileCalls("rebuild");
  const path = "./l10n_cache-en.cdb";
  expect(about(calls, path)).toEqual([
    `times ${path}.tmp 1700000000`,
    `flush ${path}.tmp`,
    `rename ${path}.tmp ${path}`,
  ]);
  expect(calls.slice(calls.indexOf(`rename ${path}.tmp ${path}`))).toContain("flush .");
});
