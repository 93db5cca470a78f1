/**
 * `scap deploy` against the least that a deployment can be (deploy-floor.ts), on a real lab on this machine. Both work
 * in turn on the same hosts, and ratios of their times are what counts: deploy server and all hosts share the processor
 * and the disk, which `TMPDIR` can move to memory. `SCAP_BENCH_ONLY` is the beginning of a part's name: plain 10,
 * everything 10, plain 50, round trips, memory.
 */
import { type Lab, type LabHost, realLabObstacle, startRealLab } from "@scap/lab";
import { type Floor, openFloor } from "./deploy-floor.ts";
import { countOnHosts, median, scapDeploy, timed } from "./deploy-measure.ts";
import {
  type BenchRepository,
  createRepository,
  EVERYTHING,
  type Extras,
  SMALL_SIZE,
  SPECIFIED_SIZE,
} from "./deploy-repository.ts";

const FLEETS = [
  { name: "plain 10", hosts: 10, rounds: 3, firstRounds: 2, goal: 2.5, extras: undefined, with: "" },
  {
    ...{ name: "everything 10", hosts: 10, rounds: 3, firstRounds: 2, goal: 2.5, extras: EVERYTHING },
    with: ", with a check, a configuration file and a service",
  },
  { name: "plain 50", hosts: 50, rounds: 3, firstRounds: 1, goal: 2, extras: undefined, with: "" },
] as const;
const RTT_MS = 100;

export async function run(): Promise<void> {
  const obstacle = realLabObstacle();
  if (obstacle !== undefined) {
    console.log(`deploy: NOT RUN, the real lab ${obstacle}`);
    return;
  }
  const wanted = process.env["SCAP_BENCH_ONLY"] ?? "";
  for (const part of PARTS) if (part.name.startsWith(wanted)) await part.run();
}

const PARTS: readonly { readonly name: string; readonly run: () => Promise<void> }[] = [
  ...FLEETS.map((fleet) => ({
    name: fleet.name,
    run: () =>
      withFleet(fleet.hosts, SPECIFIED_SIZE, (bench) => compare(bench, fleet), { extras: fleet.extras }),
  })),
  { name: "round trips", run: measureRoundTrips },
  { name: "memory", run: measureMemory },
];

interface Bench {
  readonly lab: Lab;
  readonly repository: BenchRepository;
}

async function withFleet(
  hosts: number,
  size: typeof SPECIFIED_SIZE,
  work: (bench: Bench) => Promise<void>,
  { extras, ...options }: { shapedLinks?: boolean; extras?: Extras | undefined } = {},
): Promise<void> {
  const lab = await startRealLab({ hosts, ...options });
  const names = lab.hosts.map((host) => host.name);
  const repository = await createRepository(names, size, extras);
  try {
    if (extras !== undefined) await Promise.all(lab.hosts.map(addServiceManager));
    await work({ lab, repository });
  } finally {
    await repository.remove();
    await lab.close();
  }
}

/** Puts a sudo on the host that restarts services in no time: their time is not ours. */
async function addServiceManager(host: LabHost): Promise<void> {
  const script = `printf '#!/bin/sh\\n' >/home/deploy/sudo && chmod 755 /home/deploy/sudo
echo "SetEnv PATH=/home/deploy:$PATH" >>/etc/ssh/sshd_config`;
  const { exitCode, stderr } = await host.exec(["sh", "-ec", script], { user: "root" });
  if (exitCode !== 0) throw new Error(`${host.name}: ${stderr}`);
  await host.killServer();
  await host.startServer();
}

/** Times of one kind of deployment in milliseconds, pair by pair. */
interface Pairs {
  readonly floor: number[];
  readonly scap: number[];
}

async function compare(bench: Bench, fleet: (typeof FLEETS)[number]): Promise<void> {
  const { lab, repository } = bench;
  const floor = await openFloor(lab);
  console.log(`\n${fleet.hosts} hosts, 3,000 files, 60 MB of history${fleet.with} (medians)`);
  report("first", await compareFirst(bench, floor, fleet.firstRounds), `goal <= ${fleet.goal}`);
  report("incremental", await compareIncremental(bench, floor, fleet.rounds), `goal <= ${fleet.goal}`);
  report("no-op", await compareNoop(bench, floor, fleet.rounds), fleet.hosts === 50 ? "goal <= 1.2 s" : "");
  report("rollback", await compareRollback(bench, floor, fleet.rounds), "to the revision before");
  await repository.change(20);
  const counts = await countOnHosts(lab.hosts, () => scapDeploy(lab, repository.directory));
  const { connections, workers } = counts;
  console.log(`  on a host: ${connections} connection (goal 1), ${workers} worker process (goal 1)`);
  if (connections !== 1 || workers !== 1)
    throw new Error("A host has seen more than one connection and one worker");
  await floor.close();
}

async function compareFirst({ lab, repository }: Bench, floor: Floor, rounds: number): Promise<Pairs> {
  const times: Pairs = { floor: [], scap: [] };
  for (let round = 0; round < rounds; round++) {
    await Promise.all(lab.hosts.map((host) => host.exec(["sh", "-c", "rm -rf /srv/deployment/*"])));
    const commit = await repository.head();
    times.floor.push(await timed(() => floor.deploy(repository.directory, commit)));
    times.scap.push((await scapDeploy(lab, repository.directory)).durationMs);
  }
  return times;
}

async function compareIncremental({ lab, repository }: Bench, floor: Floor, rounds: number): Promise<Pairs> {
  const times: Pairs = { floor: [], scap: [] };
  for (let round = 0; round < rounds; round++) {
    const base = await repository.head();
    const commit = await repository.change(20);
    times.floor.push(await timed(() => floor.deploy(repository.directory, commit, base)));
    times.scap.push((await scapDeploy(lab, repository.directory)).durationMs);
  }
  return times;
}

async function compareNoop({ lab, repository }: Bench, floor: Floor, rounds: number): Promise<Pairs> {
  const times: Pairs = { floor: [], scap: [] };
  const commit = await repository.head();
  for (let round = 0; round < rounds; round++) {
    times.floor.push(await timed(() => floor.confirm(commit)));
    times.scap.push((await scapDeploy(lab, repository.directory)).durationMs);
  }
  return times;
}

/** There and back again: the revision before is still on the hosts, so nothing is sent. */
async function compareRollback({ lab, repository }: Bench, floor: Floor, rounds: number): Promise<Pairs> {
  const times: Pairs = { floor: [], scap: [] };
  const newest = await repository.head();
  const before = await repository.parent();
  for (let round = 0; round < rounds; round++) {
    const target = round % 2 === 0 ? before : newest;
    times.floor.push(await timed(() => floor.switchTo(target)));
    times.scap.push((await scapDeploy(lab, repository.directory, ["--rev", target])).durationMs);
  }
  return times;
}

function report(name: string, { floor, scap }: Pairs, remark: string): void {
  const ratio = median(scap.map((time, index) => time / (floor[index] ?? time)));
  const seconds = (values: readonly number[]): string => `${(median(values) / 1000).toFixed(2)} s`;
  const columns = [
    name.padEnd(12),
    `scap ${seconds(scap)}`.padStart(14),
    `floor ${seconds(floor)}`.padStart(15),
  ];
  console.log(`  ${columns.join("  ")}  ratio ${ratio.toFixed(2).padStart(5)}  ${remark}`.trimEnd());
}

/** How many round trips a stage adds: its time on a slow link less its time on a fast one. */
async function measureRoundTrips(): Promise<void> {
  await withFleet(2, SMALL_SIZE, roundTrips, { shapedLinks: true });
}

async function roundTrips({ lab, repository }: Bench): Promise<void> {
  const times = { fast: new Map<string, number[]>(), slow: new Map<string, number[]>() };
  await scapDeploy(lab, repository.directory);
  for (let round = 0; round < 5; round++) {
    for (const kind of ["fast", "slow"] as const) {
      await Promise.all(lab.hosts.map((host) => host.shape({ rttMs: kind === "slow" ? RTT_MS : 0 })));
      await repository.change(1);
      const { events } = await scapDeploy(lab, repository.directory);
      for (const { event, stage, durationMs } of events) {
        if (event !== "stage.finished" || stage === undefined || durationMs === undefined) continue;
        times[kind].set(stage, [...(times[kind].get(stage) ?? []), durationMs]);
      }
    }
  }
  console.log(`\nRound trips a stage adds, at ${RTT_MS} ms (goal <= 1.3)`);
  for (const [stage, slow] of times.slow) {
    const added = (median(slow) - median(times.fast.get(stage) ?? [])) / RTT_MS;
    console.log(
      `  ${stage.padEnd(14)} ${added.toFixed(2).padStart(5)}${stage === "fetch" ? "  connecting and greeting included" : ""}`,
    );
  }
}

async function measureMemory(): Promise<void> {
  await withFleet(200, SMALL_SIZE, async ({ lab, repository }) => {
    const first = await scapDeploy(lab, repository.directory);
    const noop = await scapDeploy(lab, repository.directory);
    console.log(`\nDeploy server with 200 hosts (goal <= 100 MB)`);
    console.log(`  first  ${first.peakMegabytes.toFixed(0)} MB  ${(first.durationMs / 1000).toFixed(1)} s`);
    console.log(`  no-op  ${noop.peakMegabytes.toFixed(0)} MB  ${(noop.durationMs / 1000).toFixed(1)} s`);
  });
}
