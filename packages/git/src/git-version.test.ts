import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isGitAtLeast, jobsArguments, parseGitVersion, requireGitVersion } from "./git-version.ts";

describe("the version of git (G2) (git W27)", () => {
  it.each([
    ["git version 2.39.3 (Apple Git-146)", [2, 39, 3], true],
    ["git version 2.9.0", [2, 9, 0], false],
    ["git version 2.10.1.windows.1", [2, 10, 1], true],
    ["git version 1.8.3.1", [1, 8, 3, 1], false],
    ["git version 2.47.0-rc1\n", [2, 47, 0], true],
    ["2.39.5\n", [2, 39, 5], true],
  ])("in %j is %j, and it can do several jobs at once: %s", (text, version, hasJobs) => {
    expect(parseGitVersion(text)).toEqual(version);
    expect(jobsArguments(version)).toEqual(hasJobs ? ["--jobs", expect.stringMatching(/^[1-9]\d*$/)] : []);
  });

  it("is not known from other texts, and nothing is asked of such a git", () => {
    expect(parseGitVersion("git version next")).toBeUndefined();
    expect(jobsArguments(undefined)).toEqual([]);
  });

  it.each([
    [[2, 30], "2.30", true],
    [[2, 30, 1], "2.30", true],
    [[3], "2.30", true],
    [[2, 9, 5], "2.30", false],
    [[2], "2.30", false],
  ])("%j is at least %s: %s", (version, wanted, answer) => {
    expect(isGitAtLeast(version, wanted)).toBe(answer);
  });
});

describe("a git that is too old", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "scap-git-version-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function git(version: string): string {
    const program = join(directory, "git");
    writeFileSync(program, `#!/bin/sh\necho 'git version ${version}'\n`, { mode: 0o755 });
    return program;
  }

  it("is refused in a sentence", async () => {
    await expect(requireGitVersion({ program: git("2.20.1") })).rejects.toMatchObject({
      code: "GIT_TOO_OLD",
      message: "git 2.20.1 is too old: 2.30 or newer is needed",
    });
    await requireGitVersion({ program: git("2.30.2") });
    await requireGitVersion({ program: git("unknown") });
  });
});
