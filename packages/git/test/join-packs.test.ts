import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { joinPacks } from "@scap/git";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-join-packs-"));
  git("init", "--quiet", "repository");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();
}

const inRepository = (...args: string[]): string => git("-C", "repository", ...args);

function packs(): string[] {
  const names = readdirSync(join(directory, "repository/.git/objects/pack"));
  return names.filter((name) => name.endsWith(".pack"));
}

/** A pack of one object that no reference leads to. */
function addPack(text: string): string {
  writeFileSync(join(directory, "text"), text);
  const id = inRepository("hash-object", "-w", "../text");
  const pack = join(directory, "repository/.git/objects/pack/pack");
  execFileSync("git", ["-C", join(directory, "repository"), "pack-objects", "-q", pack], {
    input: `${id}\n`,
  });
  inRepository("prune-packed", "-q");
  return id;
}

/** A git that is the installed one, but says that it is of this version, and refuses what that did not know. */
function pretend(version: string): void {
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  const script = `#!/bin/sh
case $*: in version:) echo "git version ${version}"; exit ;; *--geometric*) exit 129 ;; esac
exec '${real}' "$@"
`;
  writeFileSync(join(directory, "git"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${directory}${delimiter}${process.env["PATH"] ?? ""}`);
}

it.each(["the installed git", "2.30.2"])(
  "joins many small packs and drops no object, with %s",
  async (version) => {
    const ids = Array.from({ length: 14 }, (_, at) => addPack(`text ${at}`));
    expect(packs()).toHaveLength(14);
    if (version !== "the installed git") pretend(version);
    await joinPacks(join(directory, "repository/.git"));
    expect(packs().length).toBeLessThan(4);
    expect(ids.map((id) => inRepository("cat-file", "-p", id))).toEqual(ids.map((_, at) => `text ${at}`));
  },
);
