/**
 * `scap status` against `scap run … true` on the same hosts of a real lab: both connect anew, run one command a host and
 * fold the answers, so the difference is what looking costs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Lab, realLabObstacle, startRealLab } from "@scap/lab";
import { median, scapDeploy, timed } from "./deploy-measure.ts";
import { createRepository, SMALL_SIZE } from "./deploy-repository.ts";

const SCAP = fileURLToPath(new URL("../apps/scap/bin/scap.cjs", import.meta.url));
const HOSTS = Number(process.env["BENCH_HOSTS"] ?? 200);
const ROUNDS = 5;

export async function run(): Promise<void> {
  const obstacle = realLabObstacle();
  if (obstacle !== undefined) {
    console.log(`status: NOT RUN, the real lab ${obstacle}`);
    return;
  }
  const lab = await startRealLab({ hosts: HOSTS });
  const repository = await createRepository(
    lab.hosts.map((host) => host.name),
    SMALL_SIZE,
  );
  try {
    await scapDeploy(lab, repository.directory);
    await compare(lab, repository.directory);
  } finally {
    await repository.remove();
    await lab.close();
  }
}

async function compare(lab: Lab, directory: string): Promise<void> {
  const ratios: number[] = [];
  const times: { readonly status: number; readonly nothing: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const nothing = await timed(() => scap(lab, directory, ["run", `web[1-${HOSTS}]`, "true", "--yes"]));
    const status = await timed(() => scap(lab, directory, ["status"]));
    times.push({ status, nothing });
    ratios.push(status / nothing);
  }
  const seconds = (values: readonly number[]): string => (median(values) / 1000).toFixed(2);
  console.log(
    `${HOSTS} hosts: status ${seconds(times.map((each) => each.status))} s, ` +
      `true ${seconds(times.map((each) => each.nothing))} s, ratio ${median(ratios).toFixed(2)} (goal <= 1.2)`,
  );
}

async function scap(lab: Lab, directory: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [SCAP, ...args], {
    cwd: directory,
    env: { ...process.env, SSH_AUTH_SOCK: "", ...lab.env },
    stdio: "ignore",
  });
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error(`scap ${args.join(" ")} ended with ${String(status)}`);
}
