import { spawnSync } from "node:child_process";
import { openSync, closeSync } from "node:fs";

/** Runs a program to its end and returns the wall time in milliseconds. */
export function wallMs(
  program: string,
  args: readonly string[],
  io: { stdin?: string; stdout?: string } = {},
): number {
  const stdin = io.stdin === undefined ? "ignore" : openSync(io.stdin, "r");
  const stdout = io.stdout === undefined ? "ignore" : openSync(io.stdout, "w");
  const start = performance.now();
  const { status, error, stderr } = spawnSync(program, args, { stdio: [stdin, stdout, "pipe"] });
  const elapsed = performance.now() - start;
  for (const fd of [stdin, stdout]) if (typeof fd === "number") closeSync(fd);
  if (error !== undefined || status !== 0)
    throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? String(stderr)}`);
  return elapsed;
}

/** What a program prints. */
export function outputOf(program: string, args: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** Whether a program can be started at all. */
export function isInstalled(program: string, ...args: string[]): boolean {
  const { error, status } = spawnSync(program, args, { stdio: "ignore" });
  return error === undefined && status === 0;
}

/** Medians of several works that are done in turn, so that what disturbs one disturbs all. */
export function medians(rounds: number, works: readonly (() => number)[]): number[] {
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, index) => times[index]?.push(work()));
  }
  return times.map(median);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
