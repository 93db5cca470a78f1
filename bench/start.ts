/**
 * How long short commands take, against the start of node: where nothing is configured, and in a checkout, whose
 * configuration `scap version` reads.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./deploy-measure.ts";

const SCAP = fileURLToPath(new URL("../apps/scap/bin/scap.cjs", import.meta.url));
const ROUNDS = 40;
// Node reads these certificates at every start, which would make all ratios better than they are.
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

export async function run(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "scap-bench-"));
  const checkout = join(directory, "checkout");
  mkdirSync(join(checkout, "scap"), { recursive: true });
  writeFileSync(join(checkout, "scap/scap.cfg"), "[global]\ngit_repo: bench/app\n");
  const [empty, ...rows] = [
    { name: "node -e 0", args: ["-e", "0"], cwd: directory },
    { name: "scap version", args: [SCAP, "version"], cwd: directory },
    { name: "scap --help", args: [SCAP, "--help"], cwd: directory },
    { name: "scap version, in a checkout", args: [SCAP, "version"], cwd: checkout },
  ].map((row) => ({ ...row, times: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++)
    for (const row of [empty, ...rows]) if (row) row.times.push(start(row.args, row.cwd));
  for (const { name, times } of rows) {
    const ratio = median(times.map((time, round) => time / (empty?.times[round] ?? Number.NaN)));
    const goal = name.endsWith("checkout") ? "" : " (goal <= 1.3)";
    console.log(`${name}: ${median(times).toFixed(1)} ms, ${ratio.toFixed(2)}x of node -e 0${goal}`);
  }
  rmSync(directory, { recursive: true });
}

function start(args: readonly string[], cwd: string): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd, env: ENVIRONMENT, stdio: "ignore" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${String(status)}`);
  return performance.now() - startedAt;
}
