import { spawnSync } from "node:child_process";
import { openSync, closeSync } from "node:fs";

/** What a run took, in milliseconds. */
export interface Cost {
  readonly wallMs: number;
  /** Processor time of all threads, which does not count what other programs on the machine take. */
  readonly cpuMs: number;
}

const TIMED = 'TIMEFORMAT="cpu %U %S"; time "$@"';

/** With extra certificates node takes twice as long to start, which is neither ours nor everybody's. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** Runs a program to its end. */
export function costOf(
  program: string,
  args: readonly string[],
  io: { stdin?: string; stdout?: string } = {},
): Cost {
  const stdin = io.stdin === undefined ? "ignore" : openSync(io.stdin, "r");
  const stdout = io.stdout === undefined ? "ignore" : openSync(io.stdout, "w");
  const start = performance.now();
  const { status, error, stderr } = spawnSync("bash", ["-c", TIMED, "bash", program, ...args], {
    encoding: "utf8",
    env: ENVIRONMENT,
    stdio: [stdin, stdout, "pipe"],
  });
  const wallMs = performance.now() - start;
  for (const fd of [stdin, stdout]) if (typeof fd === "number") closeSync(fd);
  if (error !== undefined || status !== 0)
    throw new Error(`${program} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  const [, user = 0, system = 0] = /cpu ([\d.]+) ([\d.]+)\n$/.exec(stderr)?.map(Number) ?? [];
  return { wallMs, cpuMs: (user + system) * 1000 };
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

/** Does several works in turn, so that what disturbs one disturbs all. */
function inTurn<Result>(rounds: number, works: readonly (() => Result)[]): Result[][] {
  const results = works.map((): Result[] => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, index) => results[index]?.push(work()));
  }
  return results;
}

/** The median of each of several works. */
export function medians(rounds: number, works: readonly (() => number)[]): number[] {
  return inTurn(rounds, works).map(median);
}

/** The median cost of each of several works. */
export function medianCosts(rounds: number, works: readonly (() => Cost)[]): Cost[] {
  return inTurn(rounds, works).map((costs) => ({
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
