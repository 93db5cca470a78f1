import { EventEmitter } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cdbRebuild } from "../src/commands/cdb-rebuild.ts";
import { rerunAs } from "../src/run/rerun-as.ts";
import { scap } from "./in-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scap-rerun-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts a program in the place of sudo. */
function standInForSudo(script: string): void {
  const path = join(folder, "sudo");
  writeFileSync(path, `#!/bin/sh\ncd "${folder}"\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
}

const io = (signals = new EventEmitter()) => ({
  stderr: { write: () => true } as never,
  signals: signals as never,
  emitter: signals,
});

test.each([
  [[], "mwdeploy"],
  [["--master"], "www-data"],
])(
  "cdb-rebuild %j runs its own command line again as %s and gives its status (config W13)",
  async (flags, user) => {
    standInForSudo('printf "%s\\n" "$@" > arguments; exit 7');
    const { status, stderr } = await scap(folder, ["cdb-rebuild", ...flags], { commands: [cdbRebuild] });
    expect([status, stderr]).toEqual([7, `Running as ${user} instead of ${userInfo().username}\n`]);
    const given = readFileSync(join(folder, "arguments"), "utf8").trimEnd().split("\n");
    expect(given).toEqual(["-u", user, "-n", "--", process.execPath, ...process.argv.slice(1)]);
  },
);

test("nothing is run again for the right user (cli W17)", async () => {
  standInForSudo("exit 7");
  expect(await rerunAs(userInfo().username, io())).toBeUndefined();
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s reaches the run, whose end is waited for", async (signal) => {
  standInForSudo(`trap 'exit 9' ${signal.slice(3)}; : > ready; while :; do sleep 0.05; done`);
  const watched = watch(folder);
  const isReady = new Promise((resolve) =>
    watched.on("change", (_, name) => name === "ready" && resolve(undefined)),
  );
  const { emitter, ...rest } = io();
  const status = rerunAs("nobody-else", rest);
  await isReady;
  watched.close();
  emitter.emit(signal, signal);
  expect(await status).toBe(9);
  expect(emitter.eventNames()).toEqual([]);
});

test("a run that a signal ended has its status", async () => {
  standInForSudo("kill -KILL $$");
  expect(await rerunAs("nobody-else", io())).toBe(137);
});

test("without sudo the error says whom to be", async () => {
  vi.stubEnv("PATH", folder);
  await expect(rerunAs("mwdeploy", io())).rejects.toMatchObject({
    code: "NO_SUDO",
    hint: "Run it as mwdeploy.",
  });
});
