import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  currentBranch,
  directoryKind,
  fetchRepository,
  getRemoteUrl,
  hasRemote,
  hasWorktreeChanges,
  commitAll,
  ignorePatterns,
  mirrorCheckout,
  openRepository,
  resolveGitDirectory,
  setRemoteUrl,
} from "@scap/git";
import { cloneArguments } from "../src/clone.ts";
import { createSampleRepository, temporaryDirectory, type SampleRepository } from "./sample-repository.ts";

let temporary: ReturnType<typeof temporaryDirectory>;
let source: SampleRepository;
let first: string;
beforeEach(() => {
  temporary = temporaryDirectory();
  source = createSampleRepository(join(temporary.path, "source"));
  first = source.commit({ "a.txt": "one\n", "sub/b.txt": "b\n" });
});
afterEach(() => temporary.remove());

describe("opening", () => {
  it("needs the top level (G1) (git W1)", async () => {
    await expect(openRepository(join(source.directory, "sub"))).rejects.toMatchObject({
      code: "NOT_TOP_LEVEL",
    });
    await expect(openRepository(temporary.path)).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
    await expect(openRepository(join(temporary.path, "none"))).rejects.toMatchObject({
      code: "NOT_A_REPOSITORY",
    });
    const kinds = ["none", "", "source", "source/sub", "source/.git"].map((path) =>
      directoryKind(join(temporary.path, path)),
    );
    expect(await Promise.all(kinds)).toEqual(["none", "none", "top-level", "inside", "inside"]);
  });

  it("asks git once for each answer, with nothing in front (git W5)", async () => {
    const log = join(temporary.path, "git.log");
    const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    mkdirSync(join(temporary.path, "bin"));
    writeFileSync(join(temporary.path, "bin/git"), `#!/bin/sh\necho "$*" >> ${log}\nexec ${git} "$@"\n`, {
      mode: 0o755,
    });
    vi.stubEnv("PATH", `${temporary.path}/bin:${process.env["PATH"]}`);
    try {
      const questions = [
        () => openRepository(source.directory),
        () => currentBranch(source.directory),
        () => hasRemote(source.directory),
        () => getRemoteUrl(source.directory),
        () => hasWorktreeChanges(source.directory, "a.txt"),
      ];
      for (const ask of questions) {
        writeFileSync(log, "");
        await ask().catch(() => undefined);
        expect(readFileSync(log, "utf8").split("\n").length - 1).toBeLessThanOrEqual(1);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("finds the git directory of worktrees and by gitlinks (G23) (G24) (git W28)", async () => {
    const git = join(source.directory, ".git");
    expect(await resolveGitDirectory(source.directory)).toBe(git);
    expect(await resolveGitDirectory(`${source.directory}/`)).toBe(git);
    expect(await resolveGitDirectory(git)).toBe(git);
    source.git("worktree", "add", "--quiet", "../wt", "-b", "wt");
    expect(await resolveGitDirectory(join(temporary.path, "wt"))).toBe(join(git, "worktrees/wt"));
    const worktree = await openRepository(join(temporary.path, "wt"));
    expect(worktree).toMatchObject({ commonDirectory: git });
    expect(await worktree.pack({ commit: first })).toMatchObject({ isEmpty: false });
    const link = join(temporary.path, "link");
    mkdirSync(link);
    const cases: [string, string | RegExp][] = [
      ["gitdir: ../source/.git\n", git],
      ["gitdir: /abs/x", "/abs/x"],
      ["gitdir:/nospace", /neither/],
      ["junk", /neither/],
    ];
    for (const [content, expected] of cases) {
      writeFileSync(join(link, ".git"), content);
      const found = await resolveGitDirectory(link).catch((cause: Error) => cause.message);
      expect(found).toMatch(expected);
    }
  });

  it("is not led astray by GIT_DIR", async () => {
    process.env["GIT_DIR"] = "/nonexistent";
    try {
      expect(await (await openRepository(source.directory)).headSha1()).toBe(first);
    } finally {
      delete process.env["GIT_DIR"];
    }
  });
});

describe("reading", () => {
  it("finds a commit by its message, as git does", async () => {
    const repository = await openRepository(source.directory);
    const subject = source.git("log", "-1", "--format=%s", first);
    expect(await repository.resolve(`:/${subject}`)).toBe(source.git("rev-parse", `:/${subject}`));
    expect(await repository.resolve(`HEAD^{/${subject}}`)).toBe(first);
  });

  it("peels annotated tags and refuses options and unknown names (G20) (git W8) (git W9)", async () => {
    source.git("tag", "-a", "-m", "x", "v1");
    const repository = await openRepository(source.directory);
    expect(await repository.resolve("v1")).toBe(first);
    await expect(repository.resolve("nosuch")).rejects.toMatchObject({ code: "UNKNOWN_REVISION" });
    await expect(repository.resolve("--all")).rejects.toMatchObject({ code: "UNKNOWN_REVISION" });
    await expect(repository.resolve("HEAD^{tree}")).rejects.toThrow('"HEAD^{tree}" is no commit');
    expect(await repository.describe()).toBe("v1");
    expect(await repository.isAncestor(first, "HEAD")).toBe(true);
    expect(await repository.isAncestor("nosuch", "HEAD")).toBe(false);
  });

  it("shows the remote's URL without credentials, or nothing", async () => {
    const repository = await openRepository(source.directory);
    expect(await repository.remoteUrl()).toBe("");
    await setRemoteUrl(source.directory, "https://me:secret@example.org/x.git");
    expect(await repository.remoteUrl()).toBe("https://example.org/x.git");
  });

  it("tells whether tracked files were edited", async () => {
    const repository = await openRepository(source.directory);
    writeFileSync(join(source.directory, "untracked"), "");
    expect(await repository.isDirty()).toBe(false);
    writeFileSync(join(source.directory, "a.txt"), "edited");
    expect(await repository.isDirty()).toBe(true);
  });

  it("knows the branch without git", async () => {
    expect(await currentBranch(source.directory)).toBe("main");
    source.git("checkout", "--quiet", "--detach");
    expect(await currentBranch(source.directory)).toBe(first);
  });
});

describe("deploy tags", () => {
  it("carry user and timestamp, need no identity and are not signed (G22) (A23) (git W10)", async () => {
    source.git("config", "tag.gpgSign", "true");
    const repository = await openRepository(source.directory);
    const name = await repository.nextDeployTag(new Date("2031-04-05T06:07:08Z"));
    const timestamp = "2031-04-05T06:07:08.123456";
    await repository.createTag({ name, commit: first, user: "deployer", timestamp });
    expect(source.git("cat-file", "-p", name)).toMatch(
      /^object [0-9a-f]{40}\ntype commit\ntag scap\/sync\/2031-04-05\/0001\ntagger .+\n\nuser deployer\n\ntimestamp 2031-04-05T06:07:08\.123456$/,
    );
    await expect(repository.createTag({ name, commit: first, user: "x", timestamp })).rejects.toThrow(
      /already exists/,
    );
    for (let n = 2; n <= 5; n += 1) {
      const next = await repository.nextDeployTag(new Date("2031-04-05T06:07:08Z"));
      await repository.createTag({ name: next, commit: first, user: "x", timestamp });
    }
    source.git("tag", "--no-sign", "foreign");
    await repository.cleanTags(2, new Date());
    expect(await repository.tags()).toEqual([
      "foreign",
      "scap/sync/2031-04-05/0004",
      "scap/sync/2031-04-05/0005",
    ]);
    expect(await repository.lastDeployTag()).toBe("scap/sync/2031-04-05/0005");
  });

  it("make the repository fetchable over dumb HTTP (G38)", async () => {
    await (await openRepository(source.directory)).updateServerInfo();
    expect(readFileSync(join(source.directory, ".git/info/refs"), "utf8")).toContain(first);
  });
});

describe("cloning and updating", () => {
  const at = (name: string): string => join(temporary.path, name);

  it("clones, updates and reconciles settings (G3) (G4) (G5) (G10) (git W1) (git W7)", async () => {
    const directory = at("source/empty-inside");
    mkdirSync(directory);
    expect(await fetchRepository({ directory, url: source.directory })).toEqual({ cloned: true });
    expect(await hasRemote(source.directory)).toBe(false);
    expect(await fetchRepository({ directory, url: source.directory, config: { "lfs.url": "x" } })).toEqual({
      cloned: false,
    });
    const repository = await openRepository(directory);
    expect((await repository.git(["config", "lfs.url"])).stdout).toBe("x\n");
    await fetchRepository({ directory, url: `${source.directory}/.git`, config: { "lfs.url": null } });
    expect(await getRemoteUrl(directory)).toBe(`${source.directory}/.git`);
    expect((await repository.git(["config", "lfs.url"], { acceptStatus: [1] })).exitCode).toBe(1);
  });

  it("shares objects with a reference only when it is told to (G6)", async () => {
    const url = `file://${source.directory}`;
    await fetchRepository({ directory: at("shared"), url, reference: source.directory, dissociate: false });
    expect(existsSync(at("shared/.git/objects/info/alternates"))).toBe(true);
    await fetchRepository({ directory: at("own"), url, reference: source.directory });
    expect(existsSync(at("own/.git/objects/info/alternates"))).toBe(false);
    const missing = fetchRepository({ directory: at("no"), url, reference: at("nowhere") });
    await expect(missing).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
  });

  it("builds the words of a clone (G7)", () => {
    const options = { directory: "d", url: "u", shallow: true, branch: "dev", recurseSubmodules: true };
    expect(cloneArguments({ ...options, config: { "a.b": "c" } }, ["--jobs", "2"])).toEqual(
      "clone --quiet --jobs 2 --depth 1 --recurse-submodules --shallow-submodules -b dev --config a.b=c".split(
        " ",
      ),
    );
  });

  it("refuses a directory with foreign files (G9)", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/x"), "");
    await expect(fetchRepository({ directory: at("full"), url: source.directory })).rejects.toThrow(
      /not empty/,
    );
  });

  it("leaves a foreign tag that moved as it is, and takes a moved deploy tag over (G12) (git W6)", async () => {
    const deployTag = "scap/sync/2031-04-05/0001";
    source.git("tag", "v1");
    source.git("tag", deployTag);
    await fetchRepository({ directory: at("clone"), url: source.directory });
    const second = source.commit({ "a.txt": "two" });
    source.git("tag", "--force", "v1");
    source.git("tag", "--force", deployTag);
    await fetchRepository({ directory: at("clone"), url: source.directory });
    const clone = await openRepository(at("clone"));
    expect(await clone.resolve("v1")).toBe(first);
    expect(await clone.resolve(deployTag)).toBe(second);
    expect(await clone.resolve("origin/main")).toBe(second);
  });

  it("forgets deploy tags that the server has forgotten, and no other tag (git W6)", async () => {
    for (const name of ["scap/sync/2031-04-05/0001", "scap/sync/2031-04-05/0002", "v1"])
      source.git("tag", name);
    await fetchRepository({ directory: at("clone"), url: source.directory });
    source.git("tag", "-d", "scap/sync/2031-04-05/0001", "v1");
    await fetchRepository({ directory: at("clone"), url: source.directory });
    const clone = await openRepository(at("clone"));
    expect(await clone.tags()).toEqual(["scap/sync/2031-04-05/0002", "v1"]);
  });

  it("takes no branch for an option (git W8)", async () => {
    const ran = at("ran");
    const branch = `--upload-pack=touch ${ran}; git-upload-pack`;
    const url = source.directory;
    await expect(fetchRepository({ directory: at("clone"), url, branch })).rejects.toThrow(/branch/);
    await fetchRepository({ directory: at("clone"), url });
    await expect(fetchRepository({ directory: at("clone"), url, branch })).rejects.toThrow(/ref/);
    await expect(mirrorCheckout({ directory: at("clone"), url, branch })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(existsSync(ran)).toBe(false);
  });

  it("mirrors a branch and keeps what it discards findable (G43) (git W15)", async () => {
    const directory = at("mirror");
    const options = { directory, url: source.directory, branch: "main" };
    expect(await mirrorCheckout(options)).toMatchObject({ commit: first, cloned: true });
    const mirror = await openRepository(directory);
    const git = async (args: string[]) => await mirror.git(args);
    await git([
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@y",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "local",
    ]);
    const local = (await git(["rev-parse", "HEAD"])).stdout.trim();
    writeFileSync(join(directory, "a.txt"), "edited");
    writeFileSync(join(directory, "untracked"), "kept");
    const second = source.commit({ "a.txt": "two" });
    expect(await mirrorCheckout(options)).toEqual({ commit: second, cloned: false, discarded: [local] });
    expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("two");
    expect(existsSync(join(directory, "untracked"))).toBe(true);
    expect((await git(["rev-parse", `refs/scap/discarded/${local}`])).stdout.trim()).toBe(local);
    await git(["checkout", "--quiet", "--detach"]);
    expect(await mirrorCheckout(options)).toMatchObject({ commit: second });
  });
});

describe("the working tree", () => {
  it("tells every kind of change (G42) (git W16)", async () => {
    const { directory } = source;
    const changed = async (path: string): Promise<boolean> => await hasWorktreeChanges(directory, path);
    const write = (text: string): void => writeFileSync(join(directory, "a.txt"), text);
    expect(await changed("a.txt")).toBe(false);
    write("modified");
    expect(await changed("a.txt")).toBe(true);
    source.git("add", "a.txt");
    expect(await changed("a.txt")).toBe(false);
    write("again");
    expect(await changed("a.txt")).toBe(true);
    source.git("reset", "--quiet", "--hard");
    unlinkSync(join(directory, "a.txt"));
    expect(await changed("a.txt")).toBe(true);
    symlinkSync("sub", join(directory, "a.txt"));
    expect(await changed("a.txt")).toBe(true);
    unlinkSync(join(directory, "a.txt"));
    source.git("reset", "--quiet", "--hard");
    chmodSync(join(directory, "a.txt"), 0o755);
    expect(await changed("a.txt")).toBe(true);
    writeFileSync(join(directory, "new"), "");
    expect(await changed("new")).toBe(true);
    await ignorePatterns(directory, ["new"]);
    expect(await changed("new")).toBe(false);
  });

  it("ignores without touching files of the tree, and only once (G40) (git W12)", async () => {
    await ignorePatterns(source.directory);
    await ignorePatterns(source.directory);
    const lines = readFileSync(join(source.directory, ".git/info/exclude"), "utf8").split("\n");
    expect(lines.filter((line) => line === "*.swp")).toHaveLength(1);
    expect(existsSync(join(source.directory, ".gitignore"))).toBe(false);
  });

  it("commits all of a directory, and nothing of a repository around it (G41) (git W11)", async () => {
    const directory = join(temporary.path, "generated");
    mkdirSync(directory);
    writeFileSync(join(directory, "x"), "x");
    expect(await commitAll(directory)).toBe(true);
    expect(await commitAll(directory)).toBe(false);
    await expect(commitAll(join(source.directory, "sub"))).rejects.toMatchObject({ code: "NOT_TOP_LEVEL" });
  });
});
