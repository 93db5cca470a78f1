import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { readProc, signalAll } from "../process-table.ts";
import { enterHost } from "./exec-inside.ts";
import { serverPidFile, waitForServers } from "./server-ready.ts";
import { runSystem } from "./system-command.ts";

/** A host's `sshd` and where it writes. */
export interface SshDaemon {
  readonly name: string;
  /** The lab's folder. */
  readonly directory: string;
  readonly initPid: number;
}

/** Starts it and waits until it listens. */
export async function startSshDaemon({ directory, name, initPid }: SshDaemon): Promise<void> {
  await rm(serverPidFile(directory, name), { force: true });
  await runSystem([...enterHost(initPid), "/usr/sbin/sshd", "-E", "/var/log/sshd.log"]);
  await waitForServers({ directory, names: [name], logFile: logFile(directory, name) });
}

/** Kills the listener and the processes of all its sessions, but not what runs in the sessions. */
export function killSshDaemon(hostPids: readonly number[]): void {
  const daemons = hostPids.filter((pid) => readProc(pid, "comm")?.trim() === "sshd");
  signalAll(daemons, "SIGKILL");
}

/** Connections that it has accepted since the lab started, as its log tells. */
export async function countConnections({ directory, name }: SshDaemon): Promise<number> {
  const log = await readFile(logFile(directory, name), "utf8");
  return log.split("\n").filter((line) => line.startsWith("Connection from ")).length;
}

function logFile(directory: string, name: string): string {
  return join(directory, "hosts", name, "log/sshd.log");
}
