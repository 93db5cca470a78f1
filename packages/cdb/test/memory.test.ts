import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeCdb } from "../src/index.ts";
import { CDB, run } from "./run-cdb.ts";

const TELL_MEMORY = fileURLToPath(new URL("./fixtures/tell-memory.cjs", import.meta.url));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cdb-memory-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the built command on the caches below a folder; gives the most memory that it had, in bytes. */
async function memoryOf(command: "rebuild" | "refresh", folder: string): Promise<number> {
  const argv = ["--require", TELL_MEMORY, CDB, command, join(directory, folder), "--threads", "1"];
  expect(await run(process.execPath, argv, "", directory)).toMatchObject({ code: 0 });
  return Number(readFileSync(join(directory, "memory"), "utf8")) * 1024;
}

function writeCache(folder: string, bytes: number): string {
  const path = join(directory, folder, "l10n_cache-en.cdb");
  mkdirSync(join(directory, folder));
  const entries = Array.from({ length: bytes / 1000 }, (_, n) => [`k${n}`, "x".repeat(990)] as const);
  writeFileSync(path, encodeCdb(entries));
  return path;
}

test("a large cache takes less than three times its size of memory (cdb W11)", async () => {
  const [large, small] = [writeCache("large", 48_000_000), writeCache("small", 1000)];
  const { size } = statSync(large);
  for (const command of ["refresh", "rebuild"] as const) {
    if (command === "rebuild") for (const path of [large, small]) rmSync(path);
    const grown = (await memoryOf(command, "large")) - (await memoryOf(command, "small"));
    expect(grown / size).toBeLessThan(3);
  }
});
