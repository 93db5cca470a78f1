import { spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  runGit,
  checkoutRevision,
  fetchRepository,
  getRemoteUrl,
  identityEnvironment,
  initRepository,
  listSubmodules,
  openRepository,
  parseSubmodules,
  pullLargeFiles,
  reflog,
  setRemoteUrl,
  systemIdentity,
} from "../src/index.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";

let directory: string;
let source: SampleRepository;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-git-contract-"));
  source = createSampleRepository(join(directory, "source"));
  source.commit({ a: "1" });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);
const LOCAL = ["-c", "protocol.file.allow=always"];

describe("fetching", () => {
  it("keeps a bare repository bare, and fetches a branch into it (G8)", async () => {
    await fetchRepository({ directory: at("bare"), url: source.directory, bare: true });
    source.git("branch", "dev");
    await fetchRepository({ directory: at("bare"), url: source.directory, branch: "dev" });
    expect(readFileSync(at("bare/FETCH_HEAD"), "utf8")).toMatch(/^[0-9a-f]{40}\t\tbranch 'dev' of /);
    expect(existsSync(at("bare/HEAD"))).toBe(true);
  });

  it("keeps a branch that the server deleted (G11)", async () => {
    source.git("branch", "dev");
    await fetchRepository({ directory: at("clone"), url: source.directory });
    source.git("branch", "-D", "dev");
    await fetchRepository({ directory: at("clone"), url: source.directory });
    const clone = await openRepository(at("clone"));
    expect(await clone.resolve("origin/dev")).toBe(source.git("rev-parse", "HEAD"));
  });

  it.skipIf(process.getuid?.() !== 0)(
    "tells that a repository belongs to somebody else, and to whom (G15) (git W2)",
    async () => {
      await fetchRepository({ directory: at("clone"), url: source.directory });
      for (const path of [at("clone"), at("clone/.git")]) chownSync(path, 65_534, 65_534);
      await expect(fetchRepository({ directory: at("clone"), url: source.directory })).rejects.toMatchObject({
        code: "DUBIOUS_OWNERSHIP",
        message: expect.stringContaining("it belongs to nobody"),
      });
    },
  );
});

describe("checking out", () => {
  it("restores modified files, keeps untracked ones and runs no hook (G13) (G14) (git W13)", async () => {
    writeFileSync(join(source.directory, ".git/hooks/post-checkout"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    writeFileSync(join(source.directory, "a"), "changed");
    writeFileSync(join(source.directory, "new"), "untracked");
    await checkoutRevision(source.directory, source.git("rev-parse", "HEAD"));
    expect(readFileSync(join(source.directory, "a"), "utf8")).toBe("1");
    expect(readFileSync(join(source.directory, "new"), "utf8")).toBe("untracked");
    await expect(checkoutRevision(source.directory, "f".repeat(40))).rejects.toMatchObject({
      gitStatus: 128,
    });
  });

  it("says whose a lock in the way is, and how old (git W14)", async () => {
    const lock = join(source.directory, ".git/index.lock");
    writeFileSync(lock, "");
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, anHourAgo, anHourAgo);
    await expect(checkoutRevision(source.directory, "HEAD")).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringMatching(/belongs to \S+ and was made 60 min ago$/),
    });
  });
});

describe("reading", () => {
  it("describes by annotated tags only (G21)", async () => {
    const repository = await openRepository(source.directory);
    expect(await repository.describe()).toMatch(/^[0-9a-f]{7,}$/);
    source.git("tag", "-a", "-m", "x", "v2");
    expect(await repository.describe()).toBe("v2");
    source.commit({ a: "2" });
    source.git("tag", "light");
    expect(await repository.describe()).toMatch(/^v2-1-g[0-9a-f]{7,}$/);
  });

  it("lists where a branch has been (G48)", async () => {
    const id = source.git("rev-parse", "HEAD");
    expect(await reflog(source.directory, { format: "%gd %H", branch: "main" })).toEqual([`main@{0} ${id}`]);
  });

  it("adds and changes URLs of remotes (G45)", async () => {
    await setRemoteUrl(source.directory, "https://example.org/a");
    await setRemoteUrl(source.directory, "https://example.org/b");
    expect(await getRemoteUrl(source.directory)).toBe("https://example.org/b");
    await setRemoteUrl(source.directory, "https://example.org/push", { push: true });
    expect(await getRemoteUrl(source.directory)).toBe("https://example.org/b");
    expect(await getRemoteUrl(source.directory, { push: true })).toBe("https://example.org/push");
  });
});

describe("submodules", () => {
  it("are read with git's own parser (G32)", async () => {
    const text = '[submodule "a.b"]\n\tpath = a.b\n\turl = https://h/q?a=b\n\tbranch = main\n';
    const commit = source.commit({ ".gitmodules": text });
    const gitDirectory = join(source.directory, ".git");
    expect(await parseSubmodules(gitDirectory, commit)).toEqual(
      new Map([["a.b", { path: "a.b", url: "https://h/q?a=b" }]]),
    );
    expect(await parseSubmodules(gitDirectory, `${commit}~1`)).toEqual(new Map());
    const broken = source.commit({ ".gitmodules": "[submodule\n" });
    await expect(parseSubmodules(gitDirectory, broken)).rejects.toMatchObject({ gitStatus: 128 });
  });

  it("are listed with path and URL, parents first (G39) (git W23)", async () => {
    createSampleRepository(at("inner")).commit({ i: "1" });
    const lib = createSampleRepository(at("lib"));
    lib.commit({ l: "1" });
    lib.git(...LOCAL, "submodule", "--quiet", "add", at("inner"), "deep");
    lib.commit({});
    source.git(...LOCAL, "submodule", "--quiet", "add", at("lib"), "lib");
    source.git(...LOCAL, "submodule", "--quiet", "update", "--init", "--recursive");
    const repository = await openRepository(source.directory);
    const found = await listSubmodules(repository, source.commit({}));
    expect(found.map(({ path, url }) => [path, url])).toEqual([
      ["lib", at("lib")],
      ["lib/deep", at("inner")],
    ]);
  });
});

describe("identities", () => {
  it("are never empty, for the accounts of this host (G44)", async () => {
    const variables = identityEnvironment(await systemIdentity("deploy1.example.org"));
    expect(Object.keys(variables)).toHaveLength(4);
    for (const value of Object.values(variables)) expect(value).not.toBe("");
    expect(variables["GIT_COMMITTER_EMAIL"]).toMatch(/^[^@]+@deploy1\.example\.org$/);
  });
});

const hasLfs = spawnSync("git", ["lfs", "version"]).status === 0;
if (!hasLfs && process.env["CI"] !== undefined) throw new Error("CI must have git-lfs");
const needed = hasLfs ? "" : " (NOT RUN: needs git-lfs)";

describe("large files", () => {
  const path = process.env["PATH"] ?? "";
  afterEach(() => void (process.env["PATH"] = path));

  it.skipIf(!hasLfs)(`are no changes in the place of their pointers${needed}`, async () => {
    source.git("lfs", "install", "--local", "--skip-repo");
    source.commit({ ".gitattributes": "*.bin filter=lfs -text\n", "a.bin": "large\n" });
    // Stands for a configuration without the filters, which the system's may have.
    for (const [name, value] of Object.entries({ clean: "cat", process: "", required: "false" }))
      source.git("config", `filter.lfs.${name}`, value);
    writeFileSync(at("source/a.bin"), "large\n");
    const repository = await openRepository(source.directory);
    expect(await repository.isDirty()).toBe(true);
    expect(await repository.isDirty({ largeFiles: true })).toBe(false);
    writeFileSync(at("source/a.bin"), "other\n");
    expect(await repository.isDirty({ largeFiles: true })).toBe(true);
  });

  it("whose filter git cannot start are a missing program, too", async () => {
    source.commit({ ".gitattributes": "*.bin filter=fat -text\n", "a.bin": "large\n" });
    source.git("config", "filter.fat.smudge", "git-fat filter-smudge");
    source.git("config", "filter.fat.required", "true");
    rmSync(at("source/a.bin"));
    await expect(runGit(["checkout", "a.bin"], { cwd: source.directory })).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      message: expect.stringMatching(/: git-fat is not installed, or not in the PATH of this user$/),
    });
  });

  it("of git-fat are set up and pulled by it; a missing program is told (G46)", async () => {
    await expect(pullLargeFiles(source.directory, { program: "git-fat" })).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      hint: "Install git-fat there, or correct git_binary_manager.",
      message: `git fat init failed with status 1 in ${source.directory}: git-fat is not installed, or not in the PATH of this user`,
    });
    mkdirSync(at("bin"));
    writeFileSync(at("bin/git-fat"), `#!/bin/sh\necho "$@" >> ${at("fat.log")}\n`, { mode: 0o755 });
    process.env["PATH"] = `${at("bin")}${delimiter}${path}`;
    await pullLargeFiles(source.directory, { program: "git-fat" });
    expect(readFileSync(at("fat.log"), "utf8")).toBe("init\npull\n");
  });
});

describe("a repository of ours", () => {
  it("is one that git accepts, without hooks", async () => {
    await initRepository(at("made"), { origin: source.directory });
    const { stdout } = await (await openRepository(at("made"))).git(["fsck"]);
    expect(stdout).toBe("");
    expect(existsSync(at("made/.git/hooks"))).toBe(false);
  });
});
