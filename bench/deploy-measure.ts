/** Runs `scap deploy` and tells what it took. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Lab, LabHost } from "@scap/lab";

const SCAP = fileURLToPath(new URL("../apps/scap/bin/scap.cjs", import.meta.url));

export interface DeployCost {
  readonly durationMs: number;
  /** Largest resident size of the command's own process; `git` is not in it. */
  readonly peakMegabytes: number;
  /** Events, in order, where they were asked for. */
  readonly events: readonly DeployEvent[];
}

export interface DeployEvent {
  readonly event?: string;
  readonly stage?: string;
  readonly durationMs?: number;
}

/** @throws {Error} with what the command wrote, when it does not end with status 0 */
export async function scapDeploy(
  lab: Lab,
  directory: string,
  args: readonly string[] = [],
): Promise<DeployCost> {
  const start = performance.now();
  const child = spawn(process.execPath, [SCAP, "deploy", "--json", "--yes", ...args, "benchmark"], {
    cwd: directory,
    env: { ...process.env, SSH_AUTH_SOCK: "", ...lab.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  let peakMegabytes = 0;
  const timer = setInterval(() => (peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid))), 20);
  const [status] = await once(child, "exit");
  const durationMs = performance.now() - start;
  clearInterval(timer);
  if (status !== 0) {
    const failures = (await output).split("\n").filter((line) => line.includes('"failure"'));
    throw new Error(`scap deploy ended with ${String(status)}:\n${failures[0] ?? ""}\n${await errors}`);
  }
  return { durationMs, peakMegabytes, events: parseEvents(await output) };
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function parseEvents(text: string): DeployEvent[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as DeployEvent);
}

export interface HostCounts {
  /** Most connections that one host has seen. */
  readonly connections: number;
  /** Most processes that the SSH server of one host had started at once. */
  readonly workers: number;
}

/** Each look reads the whole process table, so only so many hosts are looked at often enough. */
const WATCHED_HOSTS = 3;

/** Counts, while `work` goes on, what it causes on each host. Looking costs time, so this is not for timed runs. */
export async function countOnHosts(
  hosts: readonly LabHost[],
  work: () => Promise<unknown>,
): Promise<HostCounts> {
  const connectionsOf = (): Promise<number[]> => Promise.all(hosts.map((host) => host.connectionCount()));
  const before = await connectionsOf();
  const seen = { workers: 0, isOver: false };
  const watching = (async (): Promise<void> => {
    while (!seen.isOver) {
      // A look never waits for anything, so that the command's end would not be noticed.
      await setImmediate();
      const counts = await Promise.all(hosts.slice(0, WATCHED_HOSTS).map(countWorkers));
      seen.workers = Math.max(seen.workers, ...counts);
    }
  })();
  await work().finally(() => (seen.isOver = true));
  await watching;
  const after = await connectionsOf();
  return {
    workers: seen.workers,
    connections: Math.max(...after.map((count, index) => count - (before[index] ?? 0))),
  };
}

/** Processes that the SSH server has started; what those start in turn, such as `git`, is not counted. */
async function countWorkers(host: LabHost): Promise<number> {
  const processes = await host.processes();
  const pids = new Set(processes.map(({ pid }) => pid));
  return processes.filter(({ parentPid }) => !pids.has(parentPid)).length;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
