import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CUT_RULES, type HostPlan, networkBatch } from "./host-plan.ts";
import { RELAY_SCRIPT } from "./relay-script.ts";
import { HOST_SCRIPT, LAB_SCRIPT } from "./scripts.ts";
import { runSystem } from "./system-command.ts";

/** The folder through which the lab's first process gets its scripts and orders. */
export interface LabControl {
  /** The lab's folder; the control folder is below it. */
  readonly directory: string;
  readonly script: string;
  /** What went wrong while hosts were starting. */
  readonly logFile: string;
  /** FIFO that the relay reads. */
  readonly ordersFile: string;
  readonly hasRelay: boolean;
}

/** Writes what the first process needs at once. */
export async function writeControlFiles(
  directory: string,
  options: { hasRelay: boolean },
): Promise<LabControl> {
  const folder = join(directory, "control");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ordersFile = join(folder, "relay-orders");
  const scripts = {
    "lab.sh": LAB_SCRIPT,
    "host.sh": HOST_SCRIPT,
    "relay.pl": RELAY_SCRIPT,
    rules: CUT_RULES,
    log: "",
  };
  await Promise.all(Object.entries(scripts).map(([name, text]) => writeFile(join(folder, name), text)));
  if (options.hasRelay) await runSystem(["mkfifo", ordersFile]);
  return { directory, script: join(folder, "lab.sh"), logFile: join(folder, "log"), ordersFile, ...options };
}

/** Writes what it needs to build the network and start the hosts. */
export async function writePlanFiles({ directory }: LabControl, hosts: readonly HostPlan[]): Promise<void> {
  const list = hosts.map((host) => `${host.name} ${host.cidr}\n`).join("");
  await writeFile(join(directory, "control/hosts"), list);
  await writeFile(join(directory, "control/network"), networkBatch(hosts));
}
