import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeTree } from "./remove-tree.ts";

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "remove-tree-"));
  mkdirSync(join(top, "kept"));
  writeFileSync(join(top, "kept/file"), "");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

it("removes files and directories at every depth, and links but not where they lead", async () => {
  mkdirSync(join(top, "gone/a/b"), { recursive: true });
  writeFileSync(join(top, "gone/a/b/file"), "");
  writeFileSync(join(top, "gone/.hidden"), "");
  symlinkSync("../kept", join(top, "gone/link"));
  symlinkSync("nowhere", join(top, "gone/a/dangling"));
  await removeTree(join(top, "gone"));
  expect(existsSync(join(top, "gone"))).toBe(false);
  expect(readdirSync(join(top, "kept"))).toEqual(["file"]);
});

it("takes a link for what it is", async () => {
  symlinkSync("kept", join(top, "link"));
  await removeTree(join(top, "link"));
  expect(readdirSync(top)).toEqual(["kept"]);
  expect(readdirSync(join(top, "kept"))).toEqual(["file"]);
});

it("has nothing to do where nothing is", async () => {
  await expect(removeTree(join(top, "missing"))).resolves.toBeUndefined();
});
