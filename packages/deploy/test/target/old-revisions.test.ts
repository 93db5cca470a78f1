import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createLogger } from "@scap/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { removeOldRevisions } from "../../src/target/revisions/old-revisions.ts";
import { resolveTargetPaths, targetPaths, type TargetPaths } from "../../src/target/target-paths.ts";
import { createSampleTarget, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
beforeEach(() => {
  target = createSampleTarget();
});
afterEach(() => target.remove());

const named = (letter: string): string => letter.repeat(40);

/** A host where revisions were promoted one after the other; `a` is live, `b` is done. */
async function host(letters: string, root = target.gitDeployDir): Promise<TargetPaths> {
  const paths = targetPaths("acme/web", root);
  for (const [index, letter] of letters.split("").entries()) {
    const git = join(paths.rev(named(letter)), ".git");
    mkdirSync(git, { recursive: true });
    writeFileSync(join(git, "scap-promoted"), "");
    utimesSync(join(git, "scap-promoted"), 0, 1_000 + index);
  }
  mkdirSync(join(paths.cacheGit, "refs"), { recursive: true });
  link(paths.current, `revs/${named("a")}`);
  link(paths.done, `revs/${named("b")}`);
  link(paths.final, `web-cache/revs/${named("a")}`);
  return await resolveTargetPaths(paths);
}

function link(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(text, path);
}

async function left(paths: TargetPaths, keep: number): Promise<string> {
  await removeOldRevisions({ paths, keep, logger: createLogger({ name: "test", sinks: [] }) });
  return readdirSync(paths.revs)
    .map((name) => name.slice(0, 1))
    .toSorted()
    .join("");
}

describe("old revisions", () => {
  it("go, but for the newest and what is live or done, also below a symbolic link (B25) (deploy W12) (deploy W34)", async () => {
    mkdirSync(join(target.directory, "elsewhere"));
    link(join(target.directory, "linked"), "elsewhere");
    expect(await left(await host("abcd", join(target.directory, "linked")), 1)).toBe("abd");
  });

  it.each([
    [1, "abd"],
    [0, "ab"],
    [2, "abcd"],
    [-1, "ab"],
  ])("are kept as cache_revs says: of a b c d with %i there stay %s (B26)", async (keep, expected) => {
    expect(await left(await host("abcd"), keep)).toBe(expected);
  });

  it("stay where any link of ours leads into them (deploy W5)", async () => {
    const paths = await host("abcdef");
    link(paths.inProgress, `revs/${named("c")}`);
    const place = join(target.directory, "etc/app.yaml");
    const rendered = join(paths.rev(named("d")), ".git/config-files", place);
    mkdirSync(dirname(rendered), { recursive: true });
    writeFileSync(rendered, "");
    // As Python Scap links: straight into a revision.
    link(place, rendered);
    expect(await left(paths, 0)).toBe("abcd");
  });

  it("stay where a link leads to a directory in them, or to another link", async () => {
    const paths = await host("abcdef");
    mkdirSync(join(paths.rev(named("e")), "public"));
    for (const changed of [paths.final, paths.done, paths.current]) rmSync(changed);
    link(paths.final, `web-cache/revs/${named("e")}/public`);
    link(paths.inProgress, `revs/${named("c")}`);
    link(paths.done, ".in-progress");
    link(paths.current, "current");
    expect(await left(paths, 0)).toBe("ce");
  });

  it("do not count files and what is being built among them", async () => {
    const paths = await host("abcd");
    mkdirSync(join(paths.revs, ".new-x"));
    writeFileSync(join(paths.revs, "note"), "");
    expect(await left(paths, 1)).toBe(".abdn");
  });
});
