import { open, readFile, readlink, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../errors.ts";
import { execOnHost } from "../exec-on-host.ts";
import type { LabExecOptions, LabExecResult, LabHost, LabProcess } from "../lab.ts";
import { allPids, describeProcess, processCpuMs, readProc, signalAll, stopAll } from "../process-table.ts";
import { DEPLOY_DIR } from "./host-files.ts";
import type { HostPlan } from "./host-plan.ts";
import type { LinkShaper } from "./link-shaper.ts";
import { serverPidFile, waitForServers } from "./server-ready.ts";
import { runSystem, systemPath } from "./system-command.ts";

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
  const pids = (): Promise<number[]> => pidsOf(initPid);
  const processes = async (): Promise<LabProcess[]> => (await describeAll(await pids())).filter(isVisitor);
  return {
    name,
    address,
    port: 22,
    root,
    deployDir: DEPLOY_DIR,
    exec: (argv, run = {}) => execInside(options, argv, run),
    outside: (path) => join(root, path),
    processes,
    connectionCount: async () => countConnections(serverLog(options.directory, name)),
    cpuMs: async () =>
      (await Promise.all((await pids()).map(processCpuMs))).reduce((sum, time) => sum + time, 0),
    kill: async (match, signal = "SIGKILL") => {
      const matching = (await processes()).filter((one) => one.command.includes(match));
      return signalAll(
        matching.map((one) => one.pid),
        signal,
      );
    },
    killServer: () => killServer(pids),
    startServer: () => startServer(options),
    pause: () => stopAll(pids),
    resume: async () => {
      signalAll(await pids(), "SIGCONT");
    },
    cut: () => changeCut(options, "add"),
    restore: () => changeCut(options, "delete"),
    fillDisk: ({ leaveBytes = 0 } = {}) => fillDisk(options, root, leaveBytes),
    freeDisk: () => rm(join(root, FILLER), { force: true }),
    shape: (link) => options.shape(options, link),
  };
}

const FILLER = "srv/.scap-lab-filler";

function enter(initPid: number): ["nsenter", ...string[]] {
  return ["nsenter", "--target", String(initPid), "--mount", "--uts", "--ipc", "--net", "--pid"];
}

async function execInside(
  { initPid, user: labUser }: RealHostOptions,
  argv: readonly string[],
  run: LabExecOptions,
): Promise<LabExecResult> {
  const user = run.user ?? labUser;
  const home = user === "root" ? "/root" : `/home/${user}`;
  const become = ["setpriv", `--reuid=${user}`, `--regid=${await groupOf(user, initPid)}`, "--init-groups"];
  const start = ["/bin/sh", "-c", 'cd "$HOME" && exec "$@"', "sh", ...argv];
  return execOnHost([...enter(initPid), ...become, ...start], {
    ...run,
    cwd: "/",
    env: { PATH: systemPath(), HOME: home, USER: user, LOGNAME: user, SHELL: "/bin/sh", LANG: "C.UTF-8" },
  });
}

async function groupOf(user: string, initPid: number): Promise<string> {
  const passwd = await readFile(`/proc/${initPid}/root/etc/passwd`, "utf8");
  const line = passwd.split("\n").find((one) => one.startsWith(`${user}:`));
  if (line !== undefined) return line.split(":")[3] ?? "0";
  throw new LabError("BAD_OPTION", `The host has no login ${user}`);
}

/** Every process in the host's PID namespace. */
async function pidsOf(initPid: number): Promise<number[]> {
  const namespace = await namespaceOf(initPid);
  if (namespace === undefined) return [];
  const all = await allPids();
  const namespaces = await Promise.all(all.map(namespaceOf));
  return all.filter((_, index) => namespaces[index] === namespace);
}

async function namespaceOf(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}

async function describeAll(pids: readonly number[]): Promise<LabProcess[]> {
  return (await Promise.all(pids.map(describeProcess))).filter((one) => one !== undefined);
}

/** False for the host's first process, what it waits with, and the SSH server. */
function isVisitor({ command }: LabProcess): boolean {
  const isInfrastructure = command.startsWith("/bin/sh /mnt/control/host.sh ") || command === "sleep 1000000";
  return !isInfrastructure && !command.startsWith("sshd: ") && !command.startsWith("/usr/sbin/sshd ");
}

async function killServer(pids: () => Promise<number[]>): Promise<void> {
  const all = await pids();
  const names = await Promise.all(all.map((pid) => readProc(pid, "comm")));
  signalAll(
    all.filter((_, index) => names[index]?.trim() === "sshd"),
    "SIGKILL",
  );
}

async function startServer({ directory, name, initPid }: RealHostOptions): Promise<void> {
  await rm(serverPidFile(directory, name), { force: true });
  await runSystem([...enter(initPid), "/usr/sbin/sshd", "-E", "/var/log/sshd.log"]);
  await waitForServers({ directory, names: [name], logFile: serverLog(directory, name) });
}

function serverLog(directory: string, name: string): string {
  return join(directory, "hosts", name, "log/sshd.log");
}

async function countConnections(logFile: string): Promise<number> {
  const log = await readFile(logFile, "utf8");
  return log.split("\n").filter((line) => line.startsWith("Connection from ")).length;
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

async function fillDisk(
  { name, hasOwnDisk }: RealHostOptions,
  root: string,
  leaveBytes: number,
): Promise<void> {
  if (!hasOwnDisk) {
    throw new LabError(
      "NOT_SUPPORTED",
      `${name} shares the disk of the lab's folder, which must not be filled`,
      {
        hint: "Start the lab with diskBytes, so that /srv is a small disk of its own.",
      },
    );
  }
  const { bavail, bsize } = await statfs(join(root, "srv"));
  const file = await open(join(root, FILLER), "a");
  try {
    const blocks = Math.max(0, bavail - Math.ceil(leaveBytes / bsize));
    for (let written = 0; written < blocks; written++) await file.write(Buffer.alloc(bsize));
  } finally {
    await file.close();
  }
}
