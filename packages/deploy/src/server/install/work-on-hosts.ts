import { posixScript, type SshPool } from "@scap/ssh-job";
import { TargetError } from "../../errors.ts";
import { runScript, type ShellConnection } from "../delivery/run-script.ts";
import { INSTALLED_SCRIPT, parseInstalled, type InstalledFacts } from "./installed-script.ts";

/** What all work on installed files needs. */
export interface InstallOptions {
  readonly hosts: readonly string[];
  readonly pool: SshPool;
  readonly abort: AbortSignal;
  /** Told when a host is done. */
  readonly onHost?: (result: InstallResult) => void;
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
  readonly failure?: InstallFailure;
}

/** Why it failed on a host. */
export interface InstallFailure {
  readonly code: string;
  readonly message: string;
  /** What can be done about it. */
  readonly hint?: string;
}

/** Hosts worked on at once. */
const AT_ONCE = 80;

/** What is done on one host. */
export type HostWork = (host: string, connection: ShellConnection) => Promise<Omit<InstallResult, "host">>;

/** Does work on every host, many at once; in the order of `hosts`. A host that fails is a result. */
export async function onHosts(options: InstallOptions, work: HostWork): Promise<InstallResult[]> {
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
    const start: ShellConnection["start"] = (script) => ssh.exec(posixScript(script), { signal: abort });
    const done = await work(host, { start });
    await ssh.close();
    return { host, ...done };
  } catch (error) {
    return { host, sent: [], removed: [], failure: failureOf(error) };
  }
}

/** Errors without a code are bugs of ours, and end the run. */
function failureOf(error: unknown): InstallFailure {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  const { code, message } = error;
  const hint = "hint" in error && typeof error.hint === "string" ? { hint: error.hint } : {};
  return { code, message, ...hint };
}

/** What is installed on a host. @throws TargetError `PROBE_FAILED` */
export async function look(host: string, connection: ShellConnection): Promise<InstalledFacts> {
  const facts = parseInstalled((await runScript(connection, INSTALLED_SCRIPT)).stdout);
  if (facts !== undefined) return facts;
  throw new TargetError(host, "the answer is not that of a POSIX shell", { code: "PROBE_FAILED" });
}

/** Runs a script that changes the cache directory of a host. @throws TargetError `NOT_INSTALLED` */
export async function change(host: string, connection: ShellConnection, script: string): Promise<void> {
  const { code, stderr } = await runScript(connection, script);
  if (code === 0) return;
  const reason = stderr.trim().split("\n").at(-1) || `status ${code ?? "unknown"}`;
  throw new TargetError(host, `cannot change the cache directory: ${reason}`, { code: "NOT_INSTALLED" });
}
