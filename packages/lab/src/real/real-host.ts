import { join } from "node:path";
import type { LabHost, LabProcess } from "../lab.ts";
import {
  allPids,
  describeProcess,
  processCpuMs,
  readProcLink,
  signalAll,
  stopAll,
} from "../process-table.ts";
import { wakeEnterers } from "./enterers.ts";
import { execInside } from "./exec-inside.ts";
import { fillDisk, freeDisk } from "./host-disk.ts";
import { DEPLOY_DIR } from "./host-files.ts";
import type { HostPlan } from "./host-plan.ts";
import type { LinkShaper } from "./link-shaper.ts";
import { countConnections, killSshDaemon, startSshDaemon } from "./ssh-daemon.ts";
import { runSystem } from "./system-command.ts";

/** What one running real host is known by. */
export interface RealHostOptions extends HostPlan {
  /** The lab's folder. */
  readonly directory: string;
  readonly user: string;
  readonly initPid: number;
  readonly labInitPid: number;
  readonly hasOwnDisk: boolean;
  readonly shape: LinkShaper;
}

/** Describes a host that runs already. */
export function realHost(options: RealHostOptions): LabHost {
  const { name, address, initPid } = options;
  const root = `/proc/${initPid}/root`;
  const disk = { name, root, isOwn: options.hasOwnDisk };
  const pids = (): number[] => pidsOf(initPid);
  const processes = async (): Promise<LabProcess[]> => describeAll(pids()).filter(isVisitor);
  return {
    name,
    address,
    port: 22,
    root,
    deployDir: DEPLOY_DIR,
    exec: (argv, run = {}) => execInside(options, argv, run),
    outside: (path) => join(root, path),
    processes,
    connectionCount: () => countConnections(options),
    cpuMs: async () =>
      pids()
        .map(processCpuMs)
        .reduce((sum, time) => sum + time, 0),
    kill: async (match, signal = "SIGKILL") => {
      const matching = (await processes()).filter((one) => one.command.includes(match));
      return signalAll(
        matching.map((one) => one.pid),
        signal,
      );
    },
    killServer: async () => killSshDaemon(pids()),
    startServer: () => startSshDaemon(options),
    pause: () => stopAll(pids),
    resume: async () => {
      signalAll(pids(), "SIGCONT");
      wakeEnterers(new Set([initPid]));
    },
    cut: () => changeCut(options, "add"),
    restore: () => changeCut(options, "delete"),
    fillDisk: ({ leaveBytes = 0 } = {}) => fillDisk(disk, leaveBytes),
    freeDisk: () => freeDisk(disk),
    shape: (link) => options.shape(options, link),
  };
}

/** Every process in the host's PID namespace. */
function pidsOf(initPid: number): number[] {
  const namespace = namespaceOf(initPid);
  return namespace === undefined ? [] : allPids().filter((pid) => namespaceOf(pid) === namespace);
}

function namespaceOf(pid: number): string | undefined {
  return readProcLink(pid, "ns/pid");
}

function describeAll(pids: readonly number[]): LabProcess[] {
  return pids.map(describeProcess).filter((one) => one !== undefined);
}

/** False for the host's first process, what it waits with, and the SSH server. */
function isVisitor({ command }: LabProcess): boolean {
  const isInfrastructure = command.startsWith("/bin/sh /mnt/control/host.sh ") || command === "sleep 1000000";
  return !isInfrastructure && !command.startsWith("sshd: ") && !command.startsWith("/usr/sbin/sshd ");
}

async function changeCut(
  { labInitPid, switchPort }: RealHostOptions,
  change: "add" | "delete",
): Promise<void> {
  const element = `element bridge lab cut { "${switchPort}" }\n`;
  // Adding twice is fine and deleting twice is not, so the port is added before it is deleted.
  const rules = change === "add" ? `add ${element}` : `add ${element}delete ${element}`;
  await runSystem(["nsenter", "--target", String(labInitPid), "--net", "nft", "-f", "-"], rules);
}
