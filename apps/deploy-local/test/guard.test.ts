import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPackStore, openRepository } from "@scap/git";
import { WorkerProcess } from "./worker-process.ts";

let directory: string;
let commits: string[];
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-guard-test-")));
  mkdirSync(join(directory, "source"));
  mkdirSync(join(directory, "srv"));
  git("init", "--quiet");
  commits = ["one", "two"].map((text) => {
    writeFileSync(join(directory, "source/a"), text);
    git("add", "a");
    git("commit", "--quiet", "-m", text);
    return git("rev-parse", "HEAD").trim();
  });
});
afterEach(async () => {
  // The lease's file ends its guard, which would otherwise look at it for a while.
  rmSync(directory, { recursive: true, force: true });
  await expect.poll(guards, { timeout: 5_000 }).toEqual([]);
});

function git(...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
    cwd: join(directory, "source"),
    encoding: "utf8",
  });
}

/** Command lines of the guards of this test. */
function guards(): string[] {
  const lines = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(" scap-guard ") && line.includes(directory));
}

async function promote(commit: string, run: string, leaseMs?: number): Promise<WorkerProcess> {
  const worker = new WorkerProcess();
  const must = async (request: Record<string, unknown>, payload?: AsyncIterable<Buffer>): Promise<void> =>
    expect(await worker.ask(request, payload)).toMatchObject({ ok: true });
  const place = { repo: "web", gitDeployDir: join(directory, "srv") };
  await must({ op: "hello", protocol: 1, ...place, run, writer: true });
  const deployInfo = `commit: ${commit}\ntag: t\n`;
  const sha256 = createHash("sha256").update(deployInfo).digest("hex");
  await must({ op: "publish", deployInfo, sha256, dryRun: false });
  const store = await createPackStore(await openRepository(join(directory, "source")));
  const packed = await store.pack({ commit, bases: [] });
  const { indexBytes, payloadBytes, sha256: sum } = packed;
  await must(
    { op: "pack", commit, bases: [], refs: {}, indexBytes, payloadBytes, sha256: sum },
    packed.open(),
  );
  await store.dispose();
  for (const stage of ["fetch", "promote"])
    await must({ op: "stage", stage, force: false, timeoutMs: 30_000, ...(leaseMs && { leaseMs }) });
  if (leaseMs === undefined) await must({ op: "stage", stage: "finalize", force: false, timeoutMs: 30_000 });
  return worker;
}

const live = (): string => readlinkSync(join(directory, "srv/web")).slice("web-cache/revs/".length);
const lease = (): string => join(directory, "srv/web-cache/.scap/lease");

describe("the guard of a promoted revision", () => {
  it("takes the host back when the worker was killed and nobody came", async () => {
    const [first = "", second = ""] = commits;
    await (await promote(first, "1")).close();
    const worker = await promote(second, "2", 1_000);
    expect(live()).toBe(second);
    worker.child.kill("SIGKILL");
    await expect.poll(live, { timeout: 10_000 }).toBe(first);
    await expect.poll(guards, { timeout: 5_000 }).toEqual([]);
    expect(readFileSync(join(directory, "srv/web-cache/.scap/guard.log"), "utf8")).toContain(
      "went back by itself",
    );
  });

  it("ends a worker that hangs, and takes the host back", async () => {
    const [first = "", second = ""] = commits;
    await (await promote(first, "1")).close();
    const worker = await promote(second, "2", 1_000);
    worker.child.kill("SIGSTOP");
    await expect.poll(live, { timeout: 20_000 }).toBe(first);
    await worker.exited;
  });

  it("takes a first deployment away again", async () => {
    const worker = await promote(commits[0] ?? "", "1", 1_000);
    worker.child.kill("SIGKILL");
    await expect.poll(() => existsSync(join(directory, "srv/web")), { timeout: 10_000 }).toBe(false);
  });

  it("ends soon after the revision was confirmed", async () => {
    const [first = ""] = commits;
    const worker = await promote(first, "1", 60_000);
    expect(guards()).toHaveLength(1);
    expect(await worker.ask({ op: "confirm", commit: first })).toMatchObject({ ok: true });
    await expect.poll(guards, { timeout: 5_000 }).toEqual([]);
    await worker.close();
    expect(existsSync(lease())).toBe(false);
    expect(live()).toBe(first);
  });
});
