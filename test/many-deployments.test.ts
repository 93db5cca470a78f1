/** Fifty deployments in a row leave nothing behind that grows with their number. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@scap/config";
import { configuredRuntimes, deploy, identifyDeployment, prepareDeployment, workerFile } from "@scap/deploy";
import { createLogger } from "@scap/log";
import { createSshPool } from "@scap/ssh-job";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SampleFleet } from "./support/sample-fleet.ts";

const DEPLOYMENTS = 50;
/** By then everything that is kept has its full number; hosts keep twenty tags. */
const FULL = 44;
const KEPT = { cache_revs: "2", tags_to_keep: "5" };
/** A log of each deployment, and objects: those of the checkout are git's affair, packs on hosts are joined now and then. */
const GROWING = /\/scap\/log\/|\/objects\//;
const WORKER = new URL("../apps/scap/dist/deploy-local.mjs", import.meta.url);

let fleet: SampleFleet;
let temporary: string;
let outerTemporary: string | undefined;
beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "scap-many-"));
  fleet = await SampleFleet.start(["web1"], { ...KEPT, server_groups: "default" });
  outerTemporary = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
});
afterAll(async () => {
  if (outerTemporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = outerTemporary;
  await fleet.close();
  rmSync(temporary, { recursive: true });
});

/** What there is at one moment. */
interface Inventory {
  /** Paths below the checkout, the host and the temporary folder, names that each deployment chooses replaced. */
  readonly files: readonly string[];
  readonly processes: readonly string[];
  readonly children: number;
  readonly descriptors: number;
}

it("leave no files, processes or descriptors behind, whether they change something or not", async () => {
  let before: Inventory | undefined;
  for (let count = 1; count <= DEPLOYMENTS; count++) {
    if (count % 2 === 0) fleet.commitNext();
    expect(await deployHere()).toBe("ok");
    if (count === FULL) before = await inventory();
  }
  expect(await inventory()).toEqual(before);
  for (let count = 1; count <= 3; count++) {
    if (count % 2 === 0) fleet.commitNext();
    expect((await fleet.run("deploy", "by the command")).status).toBe(0);
  }
  expect(await inventory()).toEqual(before);
  expect(packs().length).toBeLessThan(FULL);
}, 300_000);

async function inventory(): Promise<Inventory> {
  const tops = [fleet.checkout.directory, fleet.lab.directory, temporary];
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
  return {
    files: tops
      .flatMap(files)
      .filter((path) => !GROWING.test(path))
      .map(anonymous)
      .toSorted(),
    processes: await fleet.processes("web1"),
    children: children.split(" ").length,
    descriptors: readdirSync("/proc/self/fd").length,
  };
}

function files(top: string): string[] {
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(top.length));
  return paths.filter((_, index) => entries[index]?.isDirectory() === false);
}

function packs(): string[] {
  return files(fleet.lab.directory).filter((path) => path.endsWith(".pack"));
}

function anonymous(path: string): string {
  return path.replaceAll(/[0-9a-f]{40}/g, "<id>").replaceAll(/\d{4}-\d\d-\d\d\/\d{4}/g, "<tag>");
}

/** As the command does it, without starting one. */
async function deployHere(): Promise<string> {
  const checkout = fleet.checkout.directory;
  const config = await loadConfig({ cwd: checkout });
  const prepared = await prepareDeployment({ checkout, config, mode: "deploy", limits: [] });
  const pool = createSshPool({ sshConfigFile: fleet.lab.sshConfigFile, agent: false });
  const logger = createLogger({ name: "deploy", sinks: [] });
  const never = new AbortController().signal;
  try {
    const identity = await identifyDeployment(prepared, new Date());
    const result = await deploy(
      {
        ...{ prepared, pool, logger, message: "again", force: false, allowBad: false },
        ...{ announce: () => {}, stop: never, abort: never },
        workerFile: workerFile(readFileSync(WORKER)),
        runtimes: configuredRuntimes(config),
        questions: {
          continueAfter: async () => "continue",
          rollBack: async () => true,
          useBad: async () => false,
        },
      },
      identity,
    );
    return result.outcome;
  } finally {
    await pool.close();
  }
}
