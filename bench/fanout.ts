/**
 * `@scap/ssh-job` against clush and `xargs -P ssh`, on a real lab on this machine. All work in turn on the same hosts,
 * so that ratios of their times count; the servers' share of the processor is the same for all. Ours runs inside this
 * process; clush and xargs include the start of theirs. `SCAP_BENCH_ONLY` is the beginning of a part's name: simulated,
 * output, memory, cold 50, open 50, cold 200, open 200.
 */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { type Lab, realLabObstacle, startRealLab } from "@scap/lab";
import {
  argv,
  createSimulatedTransport,
  createSshPool,
  runJob,
  shellText,
  type SshPool,
} from "@scap/ssh-job";
import { KEY_EXCHANGES, clush, controlMasters, FANOUT, xargsSsh } from "./fanout-rivals.ts";

const MEBIBYTE = 1024 * 1024;
const FLEETS = [
  { hosts: 50, rounds: 5, openRounds: 5, goalClush: 0.3 },
  { hosts: 200, rounds: 3, openRounds: 3, goalClush: 0.25 },
] as const;

interface Part {
  readonly name: string;
  readonly needsHosts: boolean;
  readonly run: () => Promise<void>;
}

const PARTS: readonly Part[] = [
  { name: "simulated", needsHosts: false, run: simulated },
  { name: "output", needsHosts: true, run: () => onLab(20, bigOutput) },
  { name: "memory", needsHosts: true, run: () => onLab(500, manyHosts) },
  ...FLEETS.flatMap((fleet) => [
    {
      name: `cold ${fleet.hosts}`,
      needsHosts: true,
      run: () => onLab(fleet.hosts, (lab) => compareCold(lab, fleet)),
    },
    {
      name: `open ${fleet.hosts}`,
      needsHosts: true,
      run: () => onLab(fleet.hosts, (lab) => compareOpen(lab, fleet)),
    },
  ]),
];

export async function run(): Promise<void> {
  const wanted = process.env["SCAP_BENCH_ONLY"] ?? "";
  const obstacle = realLabObstacle();
  console.log(
    `fanout: ${availableParallelism()} processors, ${FANOUT} hosts at a time, key exchange ${KEY_EXCHANGES[1]}`,
  );
  for (const part of PARTS.filter(({ name }) => name.startsWith(wanted))) {
    if (!part.needsHosts || obstacle === undefined) await part.run();
    else console.log(`${part.name}: NOT RUN, the real lab ${obstacle}`);
  }
}

async function onLab(hosts: number, work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startRealLab({ hosts });
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
}

async function compareCold(lab: Lab, fleet: (typeof FLEETS)[number]): Promise<void> {
  const { hosts, rounds, goalClush } = fleet;
  const ours: number[] = [];
  const cpu: number[] = [];
  const byClush: number[] = [];
  const byXargs = new Map<string, number[]>(KEY_EXCHANGES.map((kex) => [kex, []]));
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    ours.push(await timed(() => cold(lab)));
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000 / hosts);
    byClush.push(await timed(() => clush(lab)));
    for (const [kex, times] of byXargs) {
      times.push(await timed(() => xargsSsh(lab, [`-oKexAlgorithms=${kex}`])));
    }
  }
  report(`${hosts} hosts, cold, against clush`, ours, byClush, goalClush);
  for (const [kex, times] of byXargs)
    report(`${hosts} hosts, cold, against xargs ssh, ${kex}`, ours, times, 1);
  console.log(`  processor time of this process per host, cold: ${median(cpu).toFixed(1)} ms (goal 6)`);
}

/** Ten commands in a row over connections that are open already. */
async function compareOpen(lab: Lab, fleet: (typeof FLEETS)[number]): Promise<void> {
  const { hosts, openRounds } = fleet;
  const pool = labPool(lab);
  const masters = await controlMasters(lab);
  await everywhere(lab, pool);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < openRounds; round++) {
    ours.push(await timed(() => tenTimes(() => everywhere(lab, pool))));
    theirs.push(await timed(() => tenTimes(() => xargsSsh(lab, masters.options))));
  }
  await masters.end();
  await pool.close();
  report(`${hosts} hosts, ten commands over open connections, against ControlMaster`, ours, theirs, 0.4);
}

async function bigOutput(lab: Lab): Promise<void> {
  const startedAt = performance.now();
  const peak = await peakMebibytes(lab, `head -c ${64 * MEBIBYTE} /dev/zero`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`20 hosts, 64 MiB of output each: ${seconds} s, at most ${peak} MiB (goal 200)`);
}

async function manyHosts(lab: Lab): Promise<void> {
  console.log(`500 hosts, all connections open: at most ${await peakMebibytes(lab, "true")} MiB (goal 150)`);
}

/** Runs a command on all hosts at once in a process of its own. */
async function peakMebibytes(lab: Lab, command: string): Promise<number> {
  const script = new URL("fanout-controller.mjs", import.meta.url).pathname;
  const hosts = lab.hosts.map(({ name }) => name).join(",");
  const words = [script, lab.sshConfigFile, hosts, command, String(FANOUT)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return Number(stdout);
}

async function simulated(): Promise<void> {
  const hosts = Array.from({ length: 10_000 }, (_, index) => `host${index}`);
  const transport = createSimulatedTransport(() => ({ stdout: "x\n" }));
  const job = { hosts, command: argv("true"), batchSize: 1000, transport };
  const tookMs = await timed(async () => {
    for await (const result of runJob(job)) if (result.status !== "ok") throw new Error(result.host);
  });
  console.log(`10,000 simulated hosts: ${(tookMs / 1000).toFixed(2)} s (goal 2)`);
}

async function cold(lab: Lab): Promise<void> {
  const pool = labPool(lab);
  await everywhere(lab, pool);
  await pool.close();
}

async function everywhere(lab: Lab, transport: SshPool): Promise<void> {
  const hosts = lab.hosts.map(({ name }) => name);
  for await (const result of runJob({ hosts, command: shellText("true"), transport, batchSize: FANOUT })) {
    if (result.status !== "ok") throw new Error(`${result.host} is ${result.status}`);
  }
}

function labPool(lab: Lab): SshPool {
  return createSshPool({ sshConfigFile: lab.sshConfigFile, agent: false, maxConcurrentHandshakes: FANOUT });
}

async function tenTimes(work: () => Promise<void>): Promise<void> {
  for (let time = 0; time < 10; time++) await work();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The median of the ratios of pairs, which is steadier than the ratio of medians on a busy machine. */
function report(name: string, ours: readonly number[], theirs: readonly number[], goal: number): void {
  const ratio = median(ours.map((each, index) => each / (theirs[index] ?? Number.NaN)));
  const seconds = (times: readonly number[]): string => `${(median(times) / 1000).toFixed(2)} s`;
  console.log(`${name}: ${seconds(ours)} / ${seconds(theirs)} = ${ratio.toFixed(2)} (goal ${goal})`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
