import { shellText, type SshPool } from "@scap/ssh-job";
import { DeployError, TargetError } from "../../errors.ts";
import { parsePlatform, platformText } from "../delivery/host-platform.ts";
import { storeParcel, type Parcel } from "../delivery/parcel.ts";
import { runScript, type ShellConnection } from "../delivery/run-script.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import { TransferGate, TRANSFERS_AT_ONCE } from "../transfer-gate.ts";
import { workerParcel, type WorkerFile } from "../worker-delivery.ts";
import {
  INSTALLED_SCRIPT,
  isInstalledName,
  noteScript,
  parseInstalled,
  removeScript,
  type InstalledFacts,
} from "./installed-script.ts";

/** What all work on installed files needs. */
export interface InstallOptions {
  readonly hosts: readonly string[];
  readonly pool: SshPool;
  readonly abort: AbortSignal;
  /** Told when a host is done. */
  readonly onHost?: (result: InstallResult) => void;
}

/** What is put on hosts. */
export interface InstallWorldOptions extends InstallOptions {
  readonly version: string;
  readonly workerFile: WorkerFile;
  readonly runtimes: Runtimes;
}

/** How it went on one host. */
export interface InstallResult {
  readonly host: string;
  /** What is installed there now, as far as it is known. */
  readonly installed?: InstalledFacts;
  /** What was sent. */
  readonly sent: readonly string[];
  /** Files that were removed. */
  readonly removed: readonly string[];
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Hosts worked on at once. */
const AT_ONCE = 80;

/** Puts `deploy-local`, and a Node where there is none, on hosts ahead of time. What is there is not sent again. */
export async function installHosts(options: InstallWorldOptions): Promise<InstallResult[]> {
  const gate = new TransferGate(TRANSFERS_AT_ONCE);
  return onHosts(options, async (host, connection) => {
    const facts = await look(host, connection);
    const parcels = [...(await runtimeFor(host, facts, options.runtimes)), workerParcel(options.workerFile)];
    const sent: string[] = [];
    for (const parcel of parcels) {
      if (await gate.run(() => storeParcel(host, connection, parcel))) sent.push(parcel.label);
    }
    await change(
      host,
      connection,
      noteScript(
        options.version,
        parcels.map(({ name }) => name),
      ),
    );
    return { sent, removed: [], installed: await look(host, connection) };
  });
}

/** Tells what is installed on hosts. Changes nothing. */
export async function listInstalled(options: InstallOptions): Promise<InstallResult[]> {
  return onHosts(options, async (host, connection) => ({
    ...{ sent: [], removed: [] },
    installed: await look(host, connection),
  }));
}

/** Removes everything that does not belong to `version`; a host that lacks this version is left alone and fails. */
export async function removeOldVersions(
  options: InstallOptions & { readonly version: string },
): Promise<InstallResult[]> {
  const { version } = options;
  return onHosts(options, async (host, connection) => {
    const { files, versions } = await look(host, connection);
    const kept = versions.get(version);
    if (kept === undefined) {
      throw new TargetError(host, `version ${version} is not installed, so nothing is removed`, {
        code: "NOT_INSTALLED",
      });
    }
    const keptNames = new Set([...kept, `version-${version}`]);
    const removed = files
      .map(({ name }) => name)
      .filter((name) => !keptNames.has(name) && isInstalledName(name));
    if (removed.length > 0) await change(host, connection, removeScript(removed));
    return { sent: [], removed, installed: await look(host, connection) };
  });
}

async function runtimeFor(host: string, facts: InstalledFacts, runtimes: Runtimes): Promise<Parcel[]> {
  if (facts.hasOwnNode || runtimes.mode === "never") return [];
  const platform = parsePlatform(facts.platform);
  const runtime = platform && (await runtimes.for(platform));
  if (runtime !== undefined) return [runtime];
  const system = platform === undefined ? "an unknown system" : platformText(platform);
  throw new TargetError(host, `there is no Node to install for ${system}`, { code: "NODE_MISSING" });
}

async function look(host: string, connection: ShellConnection): Promise<InstalledFacts> {
  const facts = parseInstalled((await runScript(connection, INSTALLED_SCRIPT)).stdout);
  if (facts !== undefined) return facts;
  throw new TargetError(host, "the answer is not that of a POSIX shell", { code: "PROBE_FAILED" });
}

async function change(host: string, connection: ShellConnection, script: string): Promise<void> {
  const { code, stderr } = await runScript(connection, script);
  if (code === 0) return;
  const reason = stderr.trim().split("\n").at(-1) || `status ${code ?? "unknown"}`;
  throw new TargetError(host, `cannot change the cache directory: ${reason}`, { code: "NOT_INSTALLED" });
}

type HostWork = (host: string, connection: ShellConnection) => Promise<Omit<InstallResult, "host">>;

async function onHosts(options: InstallOptions, work: HostWork): Promise<InstallResult[]> {
  const { abort, hosts, onHost } = options;
  const results = new Map<string, InstallResult>();
  const queue = hosts.values();
  const lane = async (): Promise<void> => {
    for (const host of queue) {
      if (abort.aborted) return;
      const result = await onOneHost(host, options, work);
      results.set(host, result);
      onHost?.(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, hosts.length) }, lane));
  return hosts.flatMap((host) => results.get(host) ?? []);
}

async function onOneHost(
  host: string,
  { abort, pool }: InstallOptions,
  work: HostWork,
): Promise<InstallResult> {
  try {
    const ssh = await pool.connect(host, { signal: abort });
    const start: ShellConnection["start"] = (script) => ssh.exec(shellText(script), { signal: abort });
    const done = await work(host, { start });
    await ssh.close();
    return { host, ...done };
  } catch (error) {
    return { host, sent: [], removed: [], failure: failureOf(error) };
  }
}

/** Errors without a code are bugs of ours, and end the run. */
function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof DeployError) return { code: error.code, message: error.message };
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return { code: error.code, message: error.message };
  }
  throw error;
}
