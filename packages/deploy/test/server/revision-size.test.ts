import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "@scap/git";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { largeFileBytes, revisionSize } from "../../src/server/doctor/revision-size.ts";
import { createSampleRepository, type SampleRepository } from "../target/sample-repository.ts";

let directory: string;
let source: SampleRepository;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-size-test-"));
  source = createSampleRepository(join(directory, "source"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const hasLfs = (() => {
  try {
    execFileSync("git", ["lfs", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!hasLfs && process.env["CI"] !== undefined) throw new Error("CI must have git-lfs");

const pointer = (digit: string, size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize ${size}\n`;

describe("what a revision takes on a target", () => {
  it("is its files in whole blocks, and its directories", async () => {
    const commit = source.commit({ a: "1", "dir/b": "x".repeat(5_000) });
    const repository = await openRepository(source.directory);
    const size = await revisionSize({ repository, commit, submodules: [], largeFiles: false });
    expect(size).toEqual({ bytes: 4_096 + 8_192 + 4_096, entries: 3 });
  });

  it.skipIf(!hasLfs)("counts what pointers stand for, once a file, and keeps it once a content", async () => {
    const lfs = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
    const first = source.commit({ ...lfs, "a.bin": pointer("a", 10_000_000) });
    const commit = source.commit({ "b.bin": pointer("b", 5_000), "copy.bin": pointer("b", 5_000) });
    const repository = await openRepository(source.directory);
    const without = await revisionSize({ repository, commit, submodules: [], largeFiles: false });
    const size = await revisionSize({ repository, commit, submodules: [], largeFiles: true });
    expect(size.bytes - without.bytes).toBe(10_002_432 + 2 * 8_192);
    expect(size.entries).toBe(without.entries);
    expect(await largeFileBytes(repository, commit, null)).toBe(10_005_000);
    expect(await largeFileBytes(repository, commit, first)).toBe(5_000);
    expect(await largeFileBytes(repository, commit, "f".repeat(40))).toBe(10_005_000);
  });
});
