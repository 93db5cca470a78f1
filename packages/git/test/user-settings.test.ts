/** Settings of the user and the host that would change what is deployed. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  checkoutRevision,
  configureRepository,
  EXACT_SETTINGS,
  initRepository,
  refreshIndex,
  runGit,
} from "@scap/git";
import { createSampleRepository, temporaryDirectory } from "./sample-repository.ts";

let directory: { path: string; remove: () => void };
const at = (path: string): string => join(directory.path, path);
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => {
  vi.unstubAllEnvs();
  directory.remove();
});

/** A home whose git changes line ends, filters content, makes files of links, and runs programs that leave a mark. */
function hostileHome(): void {
  const mark = (name: string): string => `#!/bin/sh\ntouch ${at(`ran-${name}`)}\nexit 1\n`;
  for (const name of ["hooks", "home"]) mkdirSync(at(name));
  for (const hook of ["post-index-change", "reference-transaction", "post-checkout"])
    writeFileSync(at(`hooks/${hook}`), mark(hook), { mode: 0o755 });
  writeFileSync(at("fsmonitor"), mark("fsmonitor"), { mode: 0o755 });
  writeFileSync(at("attributes"), "* filter=loud text=auto\n");
  writeFileSync(
    at("home/.gitconfig"),
    `[core]
      autocrlf = true
      eol = crlf
      symlinks = false
      sparseCheckout = true
      hooksPath = ${at("hooks")}
      fsmonitor = ${at("fsmonitor")}
      attributesFile = ${at("attributes")}
    [filter "loud"]
      smudge = tr a-z A-Z
      clean = tr A-Z a-z
      required = true
    [url "https://elsewhere.invalid/"]
      insteadOf = /
    [transfer]
      fsckObjects = true
`,
  );
  vi.stubEnv("HOME", at("home"));
  vi.stubEnv("XDG_CONFIG_HOME", at("home"));
}

it("do not change what is checked out, and run nothing", async () => {
  const source = createSampleRepository(at("source"));
  symlinkSync("a", at("source/link"));
  const commit = source.commit({ a: "one\ntwo\n", ".gitattributes": "a text=auto\n" });
  hostileHome();
  await initRepository(at("made"), { head: commit, alternate: at("source/.git/objects") });
  await checkoutRevision(at("made"), commit);
  await refreshIndex(at("made"));
  expect(readFileSync(at("made/a"), "utf8")).toBe("one\ntwo\n");
  expect(lstatSync(at("made/link")).isSymbolicLink()).toBe(true);
  expect((await runGit(["status", "--porcelain"], { cwd: at("made") })).stdout).toBe("");
  expect(readdirSync(directory.path).filter((name) => name.startsWith("ran-"))).toEqual([]);
});

it("no longer count where they had been written into a repository itself", async () => {
  const source = createSampleRepository(at("source"));
  const commit = source.commit({ a: "one\n" });
  source.git("config", "core.autocrlf", "true");
  await configureRepository(at("source/.git"), EXACT_SETTINGS);
  await checkoutRevision(at("source"), commit);
  expect(readFileSync(at("source/a"), "utf8")).toBe("one\n");
});
