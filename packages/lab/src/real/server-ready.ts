import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../errors.ts";

const TIMEOUT_MS = 60_000;

/** Whose servers to wait for. */
export interface ServerReadyOptions {
  readonly directory: string;
  readonly names: readonly string[];
  /** Quoted when a server does not come. */
  readonly logFile: string;
}

/** `sshd` writes this file once it listens. */
export function serverPidFile(directory: string, name: string): string {
  return join(directory, "hosts", name, "run/sshd.pid");
}

/** Waits until every `sshd` listens. @throws {LabError} `START_FAILED` after a minute */
export async function waitForServers({ directory, names, logFile }: ServerReadyOptions): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let missing = names;
  while (missing.length > 0) {
    const isReady = await Promise.all(missing.map((name) => exists(serverPidFile(directory, name))));
    missing = missing.filter((_, index) => !isReady[index]);
    if (missing.length === 0) return;
    if (Date.now() > end) throw await notReady(missing, logFile);
    await sleep(20);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function notReady(missing: readonly string[], logFile: string): Promise<LabError> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  const first = missing.slice(0, 3).join(", ");
  const reason = log.trim().split("\n").slice(-5).join("\n") || "no reason given";
  return new LabError(
    "START_FAILED",
    `${missing.length} hosts of the lab did not start (${first}): ${reason}`,
  );
}
