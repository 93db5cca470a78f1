import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  checkoutRevision,
  createPackStore,
  initRepository,
  objectFormatOf,
  openRepository,
  runGit,
  storePack,
  type RevisionPack,
} from "@scap/git";
import { createSampleRepository, temporaryDirectory } from "./sample-repository.ts";

let temporary: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  temporary = temporaryDirectory();
});
afterEach(() => temporary.remove());

async function receive(target: string, pack: RevisionPack, payload: Readable = pack.open()): Promise<void> {
  const { payloadBytes, indexBytes, sha256 } = pack;
  await storePack(join(target, ".git"), { payload, payloadBytes, indexBytes, sha256 });
}

describe.each([["sha1"], ["sha256"]])("packing a revision of a %s repository", (format) => {
  it("gives a target the revision, then only what is new, and git status there is clean", async () => {
    const source = createSampleRepository(join(temporary.path, "source"), [`--object-format=${format}`]);
    const first = source.commit({ "a.txt": "one\n", "sub/b.txt": "two\n" });
    const second = source.commit({ "a.txt": "three\n" });
    const repository = await openRepository(source.directory);
    const target = join(temporary.path, "target");
    await initRepository(target, { objectFormat: objectFormatOf(first), head: second });

    const full = await repository.pack({ commit: first });
    await receive(target, full);
    const delta = await repository.pack({ commit: second, bases: [first, "0".repeat(first.length)] });
    expect(delta.bases).toEqual([first]);
    expect(delta.packBytes).toBeLessThan(full.packBytes);
    await receive(target, delta);

    await checkoutRevision(target, second);
    expect(readFileSync(join(target, "a.txt"), "utf8")).toBe("three\n");
    expect((await runGit(["status", "--porcelain"], { cwd: target })).stdout).toBe("");
    expect((await runGit(["fsck", "--full"], { cwd: target })).stderr).toBe("");
  });
});

it("needs no right to write what git has made read-only, nor to remove what others left", async () => {
  const source = createSampleRepository(join(temporary.path, "source"));
  const commit = source.commit({ "a.txt": "one\n" });
  const packs = join(source.directory, ".git/scap-packs");
  const foreign = join(packs, `${2 ** 22 + 1}-left`);
  mkdirSync(foreign, { recursive: true, mode: 0o700 });
  writeFileSync(join(foreign, "payload"), "");
  await asOrdinaryUser(temporary.path, foreign, async () => {
    const store = await createPackStore(await openRepository(source.directory));
    const pack = await store.pack({ commit, bases: [] });
    const hash = createHash("sha256");
    for await (const chunk of pack.open()) hash.update(chunk as Buffer); // a stream of bytes
    expect(hash.digest("hex")).toBe(pack.sha256);
    await store.dispose();
  });
});

/** Where this is root, who may do everything, another user owns `directory`, but for `foreign`, and does the work. */
async function asOrdinaryUser(directory: string, foreign: string, work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await work();
  const nobody = 65_534;
  execFileSync("chown", ["-R", String(nobody), directory]);
  execFileSync("chown", ["-R", "0", foreign]);
  vi.stubEnv("HOME", directory);
  process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
    vi.unstubAllEnvs();
  }
}

describe("packing for many targets", () => {
  it("packs once for each distinct set of known bases (deploy W43)", async () => {
    const source = createSampleRepository(join(temporary.path, "source"));
    const first = source.commit({ "a.txt": "one\n" });
    const second = source.commit({ "a.txt": "two\n" });
    const store = await createPackStore(await openRepository(source.directory));
    const [one, same, unknownBase, other] = await Promise.all([
      store.pack({ commit: second, bases: [first] }),
      store.pack({ commit: second, bases: [first] }),
      store.pack({ commit: second, bases: [first, "1".repeat(40)] }),
      store.pack({ commit: second, bases: [] }),
    ]);
    expect(same).toBe(one);
    expect(unknownBase).toBe(one);
    expect(other.payloadBytes).toBeGreaterThan(one.payloadBytes);
    await store.dispose();
    expect(() => readFileSync(join(source.directory, ".git/scap-packs"))).toThrow(/ENOENT/);
  });

  it("answers an empty pack when the receiver has everything", async () => {
    const source = createSampleRepository(join(temporary.path, "source"));
    const commit = source.commit({ "a.txt": "one\n" });
    const pack = await (await openRepository(source.directory)).pack({ commit, bases: [commit] });
    expect(pack).toMatchObject({ isEmpty: true, payloadBytes: 0 });
  });
});

describe("receiving a pack", () => {
  it("refuses a payload whose checksum does not fit, and adds nothing", async () => {
    const source = createSampleRepository(join(temporary.path, "source"));
    const commit = source.commit({ "a.txt": "one\n" });
    const pack = await (await openRepository(source.directory)).pack({ commit });
    const target = join(temporary.path, "target");
    await initRepository(target);
    const damaged = Buffer.alloc(pack.payloadBytes, 7);
    await expect(receive(target, pack, Readable.from([damaged]))).rejects.toMatchObject({
      code: "PACK_DAMAGED",
    });
    expect((await runGit(["count-objects", "-v"], { cwd: target })).stdout).toContain("packs: 0");
  });

  it("says that objects are missing when the base of a thin pack is not there", async () => {
    const source = createSampleRepository(join(temporary.path, "source"));
    const big = Array.from({ length: 3000 }, (_, n) => `line ${n}\n`).join("");
    const first = source.commit({ "a.txt": big });
    const second = source.commit({ "a.txt": `${big}more\n` });
    const file = join(temporary.path, "thin");
    writeFileSync(
      file,
      execFileSync("git", ["pack-objects", "--quiet", "--thin", "--revs", "--stdout"], {
        cwd: source.directory,
        input: `${second}\n^${first}\n`,
      }),
    );
    const payload = readFileSync(file);
    const target = join(temporary.path, "target");
    await initRepository(target);
    const sha256 = createHash("sha256").update(payload).digest("hex");
    await expect(
      storePack(join(target, ".git"), {
        payload: Readable.from([payload]),
        payloadBytes: payload.length,
        sha256,
      }),
    ).rejects.toMatchObject({ code: "OBJECTS_MISSING" });
  });
});

it("shares objects with a repository whose path holds a newline", async () => {
  const source = createSampleRepository(join(temporary.path, 'new\nline "quoted"'));
  const head = source.commit({ "a.txt": "one\n" });
  const sharing = join(temporary.path, "sharing");
  await initRepository(sharing, { alternate: join(source.directory, ".git/objects") });
  expect((await runGit(["cat-file", "-t", head], { cwd: sharing })).stdout).toBe("commit\n");
});
