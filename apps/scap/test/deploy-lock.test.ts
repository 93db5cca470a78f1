import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli, type Command, type Invocation } from "@scap/cli";
import { loadConfig, type Config } from "@scap/config";
import { acquireLock } from "@scap/lock";
import { CONFIG_OPTIONS } from "../src/config-options.ts";
import { withDeployLock } from "../src/deploy-lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-deploy-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a handler as a command of its own, with what it printed. */
async function asCommand(
  handler: (invocation: Invocation, config: Config) => Promise<number>,
  defines: readonly string[] = [],
): Promise<{ status: number; output: string }> {
  const option = { name: "lock-timeout", type: "string", summary: "" } as const;
  const config = await loadConfig({
    cwd: directory,
    defines: [`lock_dir:${directory}`, "git_repo:a/b", ...defines],
    options: CONFIG_OPTIONS,
  });
  const command: Command = {
    name: "work",
    summary: "",
    options: [option],
    handler: () => Promise.resolve((invocation) => handler(invocation, config)),
  };
  const output = new PassThrough();
  const io = { stdin: new PassThrough(), stdout: output, stderr: output, env: {}, cwd: directory };
  const argv = ["work", "--lock-timeout", "10s"];
  const status = await runCli({ program: "scap", about: "", commands: [command], argv, io });
  return { status, output: String(output.read() ?? "") };
}

test("holds the repository's lock and the global one while the work runs", async () => {
  const { status } = await asCommand((invocation, config) =>
    withDeployLock({ invocation, config, reason: "why" }, async ({ lost }) => {
      expect(lost.aborted).toBe(false);
      const globalLock = join(directory, "scap-global-lock");
      for (const path of [globalLock, join(directory, "scap.a_b.lock")]) {
        const attempt = acquireLock({ path, globalLock: false, name: "test", reason: "test", timeoutMs: 0 });
        await expect(attempt).rejects.toThrow("Cannot get the lock");
      }
      return 7;
    }),
  );
  expect(status).toBe(7);
});

test("Ctrl-C while waiting ends with 130 and one sentence (cli case 39)", async () => {
  const held = await acquireLock({
    path: join(directory, "scap.a_b.lock"),
    globalLock: false,
    name: "test",
    reason: "first",
  });
  const { status, output } = await asCommand((invocation, config) => {
    const work = withDeployLock({ invocation, config, reason: "second" }, () => Promise.resolve(0));
    process.kill(process.pid, "SIGINT");
    return work;
  });
  held.release();
  expect(status).toBe(130);
  expect(output).toContain("Stopped while waiting for the lock; nothing was deployed");
});

test("an etcd that cannot be reached is one clear error, and the work does not start", async () => {
  const { status, output } = await asCommand(
    (invocation, config) => withDeployLock({ invocation, config, reason: "why" }, () => Promise.resolve(0)),
    ["lock_backend:etcd", "lock_etcd_endpoints:http://127.0.0.1:9"],
  );
  expect(status).toBe(1);
  expect(output).toMatch(/No etcd member can be used \(http:\/\/127\.0\.0\.1:9: .+\)/);
});

test.skipIf(process.getuid?.() !== 0)(
  "a lock file of somebody outside of lock_group is refused, with the owner (lock W4)",
  async () => {
    const path = join(directory, "scap.a_b.lock");
    writeFileSync(path, "{}");
    chownSync(path, 65_534, 65_534);
    const work = (invocation: Invocation, config: Config): Promise<number> =>
      withDeployLock({ invocation, config, reason: "why" }, async () => 7);
    expect(await asCommand(work)).toMatchObject({ status: 7 });
    const refused = await asCommand(work, ["lock_group:daemon"]);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain("it belongs to user id 65534, who may not deploy");
  },
);
