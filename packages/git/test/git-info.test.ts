import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheGitInfo, gitInfo, gitInfoFile, gitInfoText, runGit } from "@scap/git";
import { createSampleRepository, temporaryDirectory, type SampleRepository } from "./sample-repository.ts";

let temporary: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  temporary = temporaryDirectory();
});
afterEach(() => temporary.remove());

const at = (...parts: string[]): string => join(temporary.path, ...parts);

async function clone(from: string, to: string, ...options: string[]): Promise<void> {
  await runGit(["-c", "protocol.file.allow=always", "clone", "--quiet", ...options, from, to], {});
}

async function localCommit(directory: string): Promise<void> {
  const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
  await runGit([...identity, "commit", "--quiet", "--allow-empty", "-m", "secret patch"], { cwd: directory });
}

describe("names of the files (G25) (git W26)", () => {
  it.each([
    ["/x/php-1/extensions/Foo", "/x/php-1", "/c/info-extensions-Foo.json"],
    ["/x/php-1", "/x/php-1", "/c/info.json"],
    ["/y/z", "/x", "/c/info-y-z.json"],
    ["/x/php-10", "/x/php-1", "/c/info-x-php-10.json"],
  ])("%s below %s is %s", (directory, install, file) => {
    expect(gitInfoFile(directory, install, "/c")).toBe(file);
  });
});

describe("git information", () => {
  it("is written as Python writes it, non-ASCII escaped", () => {
    const info = {
      "@directory": "/é",
      head: "h",
      headSHA1: "h",
      headCommitDate: "1",
      branch: "b",
      remoteURL: "",
    };
    expect(gitInfoText(info)).toBe(
      '{"@directory": "/\\u00e9", "head": "h", "headSHA1": "h", "headCommitDate": "1", "branch": "b", "remoteURL": ""}',
    );
  });

  it("tells the last public commit, never a local one (G26) (G27) (git W24)", async () => {
    const source = createSampleRepository(at("source"));
    const commit = source.commit({ a: "1" });
    await clone(source.directory, at("clone"));
    const before = await gitInfo(at("clone"));
    expect(before).toMatchObject({
      head: commit,
      headCommitDate: source.git("show", "--no-patch", "--format=%ct"),
      headSHA1: commit,
      branch: "main",
      remoteURL: source.directory,
    });
    await localCommit(at("clone"));
    expect(await gitInfo(at("clone"))).toEqual(before);
  });

  it("has the id as branch where HEAD is detached, and a tag's name where it leads to one (G28)", async () => {
    const source = createSampleRepository(at("source"));
    const commit = source.commit({ a: "1" });
    source.git("checkout", "--quiet", "--detach");
    expect(await gitInfo(at("source"))).toMatchObject({ head: commit, branch: commit, remoteURL: "" });
    source.git("tag", "v1");
    writeFileSync(at("source/.git/HEAD"), "ref: refs/tags/v1\n");
    expect(await gitInfo(at("source"))).toMatchObject({ head: commit, branch: "v1" });
  });

  it("has the remote's URL as git rewrites it (G29)", async () => {
    const source = createSampleRepository(at("source"));
    source.commit({ a: "1" });
    source.git("remote", "add", "origin", "short:web");
    source.git("config", "url.https://example.org/.insteadOf", "short:");
    expect(await gitInfo(at("source"))).toMatchObject({ remoteURL: "https://example.org/web" });
    mkdirSync(at("source/sub"));
    await expect(gitInfo(at("source/sub"))).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
  });

  it("fails without .git, and without commits (G29)", async () => {
    mkdirSync(at("plain"));
    await expect(gitInfo(at("plain"))).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
    createSampleRepository(at("empty"));
    await expect(gitInfo(at("empty"))).rejects.toThrow(/git/);
  });
});

describe("the cache of a version (G30)", () => {
  let source: SampleRepository;
  beforeEach(async () => {
    createSampleRepository(at("d")).commit({ d: "d" });
    const lib = createSampleRepository(at("lib"));
    lib.commit({ l: "l" });
    lib.git("submodule", "--quiet", "add", "../d", "d");
    lib.commit({});
    createSampleRepository(at("Foo")).commit({ f: "f" });
    createSampleRepository(at("Bar")).commit({ b: "b" });
    source = createSampleRepository(at("source"));
    source.git("submodule", "--quiet", "add", "../Foo", "extensions/Foo");
    source.git("submodule", "--quiet", "add", "../lib", "lib");
    source.commit({ "extensions/Plain/x": "x" });
    await clone(source.directory, at("php-1"), "--recurse-submodules");
    await clone(at("Bar"), at("php-1/skins/Bar"));
    mkdirSync(at("php-1/cache"));
  });

  it("covers submodules, nested and separate checkouts, and rewrites nothing that is right, however it is laid out", async () => {
    await localCommit(at("php-1"));
    await localCommit(at("php-1/extensions/Foo"));
    const infos = await cacheGitInfo(at("php-1"));
    expect(infos.map((info) => info["@directory"].slice(at("php-1").length))).toEqual([
      "",
      "/extensions/Foo",
      "/lib",
      "/lib/d",
      "/skins/Bar",
    ]);
    const directory = at("php-1/cache/gitinfo");
    expect(readdirSync(directory).toSorted()).toEqual(
      [
        "info-extensions-Foo.json",
        "info-lib-d.json",
        "info-lib.json",
        "info-skins-Bar.json",
        "info.json",
      ].toSorted(),
    );
    const foo = JSON.parse(readFileSync(join(directory, "info-extensions-Foo.json"), "utf8")) as {
      headSHA1: string;
    };
    expect(foo.headSHA1).toBe(source.git("rev-parse", "HEAD:extensions/Foo"));
    const before = statSync(join(directory, "info.json")).ino;
    await cacheGitInfo(at("php-1"));
    expect(statSync(join(directory, "info.json")).ino).toBe(before);
    const laidOut = JSON.stringify(Object.fromEntries(Object.entries(infos[0] ?? {}).toReversed()), null, 2);
    writeFileSync(join(directory, "info.json"), laidOut);
    await cacheGitInfo(at("php-1"));
    expect(readFileSync(join(directory, "info.json"), "utf8")).toBe(laidOut);
  });

  it("writes files whole, and removes those of directories that are gone and no others (git W25)", async () => {
    await cacheGitInfo(at("php-1"));
    const directory = at("php-1/cache/gitinfo");
    writeFileSync(join(directory, "README"), "not ours");
    writeFileSync(join(directory, "info-lib.json"), '{"@directory":');
    const half = statSync(join(directory, "info-lib.json")).ino;
    rmSync(at("php-1/skins/Bar"), { recursive: true });
    await cacheGitInfo(at("php-1"));
    expect(readdirSync(directory).toSorted()).toEqual([
      "README",
      "info-extensions-Foo.json",
      "info-lib-d.json",
      "info-lib.json",
      "info.json",
    ]);
    expect(JSON.parse(readFileSync(join(directory, "info-lib.json"), "utf8"))).toHaveProperty("headSHA1");
    expect(statSync(join(directory, "info-lib.json")).ino).not.toBe(half);
  });

  it("needs the directory cache (G31)", async () => {
    await clone(source.directory, at("php-2"));
    await expect(cacheGitInfo(at("php-2"))).rejects.toThrow(/ENOENT/);
    expect(existsSync(at("php-2/cache"))).toBe(false);
  });
});
