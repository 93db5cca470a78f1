import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { targetPaths, type TargetPaths } from "../../src/target/target-paths.ts";
import { takeWriterSeat } from "../../src/target/writer-seat.ts";

let directory: string;
let paths: TargetPaths;
let processes: ChildProcess[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-seat-"));
  paths = targetPaths("app", directory);
  mkdirSync(paths.state, { recursive: true });
  processes = [];
});
afterEach(async () => {
  for (const each of processes) each.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A shell that says a word when it has come as far as that. */
async function shell(script: string): Promise<ChildProcess> {
  const child = spawn(
    "/bin/sh",
    ["-c", script, "sh", join(paths.state, "lock"), join(paths.state, "holder")],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  processes.push(child);
  await once(child.stdout, "data");
  return child;
}

function note(kind: string, pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const startTicks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return JSON.stringify({ run: "1", kind, pid, startTicks, user: "root" });
}

it("a guard that takes the seat of a stuck worker before the next worker does is waited for in turn", async () => {
  const stuck = await shell(`trap '' TERM; exec 9>"$1"; flock 9; echo locked; exec sleep 100`);
  writeFileSync(join(paths.state, "holder"), note("worker", Number(stuck.pid)));
  const guard = note("guard", process.pid);
  await shell(`exec 9>"$1"; echo waiting; flock 9; echo '${guard}' >"$2"; sleep 2`);
  const seat = await takeWriterSeat(paths, { run: "2", kind: "worker" }, { yieldSeconds: 0.4 });
  await seat.release();
  expect(stuck.signalCode).toBe("SIGKILL");
});

it("a stuck worker is killed together with a child that it has just forked, which has the lock too", async () => {
  const stopped = `(read -r self rest </proc/self/stat; echo locked; kill -STOP "$self")`;
  const stuck = await shell(`trap '' TERM; exec 9>"$1"; flock 9; ${stopped} & wait; :`);
  writeFileSync(join(paths.state, "holder"), note("worker", Number(stuck.pid)));
  const seat = await takeWriterSeat(paths, { run: "2", kind: "worker" }, { yieldSeconds: 0.4 });
  await seat.release();
  expect(stuck.signalCode).toBe("SIGKILL");
});
