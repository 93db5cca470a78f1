import type { Readable } from "node:stream";
import { posixScript, type SshConnection } from "@scap/ssh-job";
import { TargetError } from "../../errors.ts";
import { PROTOCOL_VERSION, type HelloResult } from "../../protocol.ts";
import type { SshFleetOptions } from "./ssh-fleet-options.ts";
import type { TransferGate } from "../worker/transfer-gate.ts";
import type { NewRequest, WorkerClient } from "../worker/worker-client.ts";
import { openWorker } from "../delivery/worker-delivery.ts";

/** What a worker may need to take over from one that hangs, in milliseconds. */
const TAKEOVER_MS = 15_000;

/** A host with a worker that waits for requests. */
export interface Target {
  readonly kind: "worker";
  readonly host: string;
  readonly connection: SshConnection;
  readonly client: WorkerClient;
  hello: HelloResult;
  hasRevision: boolean;
}

/** A host where the deployment has nothing to do; no worker runs there. */
export interface IdleTarget {
  readonly kind: "idle";
  readonly connection: SshConnection;
}

/**
 * Connects to a host, starts a worker there and publishes the deploy info.
 *
 * @param gate - lets few hosts at once be sent the worker's file
 * @throws TargetError when the host cannot be reached or the worker does not start
 */
export async function openTarget(
  host: string,
  options: SshFleetOptions,
  gate: TransferGate,
): Promise<Target | IdleTarget> {
  try {
    return await open(host, options, gate);
  } catch (error) {
    const { abort } = options;
    throw abort.aborted && error === abort.reason ? stoppedOn(host, error) : asHostFailure(host, error);
  }
}

async function open(
  host: string,
  options: SshFleetOptions,
  gate: TransferGate,
): Promise<Target | IdleTarget> {
  const { abort, connectTimeoutMs, gitDeployDir, onDelivery, onLine, pool, probe } = options;
  const { repo, run, runtimes, umask, workerFile, writer } = options;
  const mask = umask === undefined ? {} : { umask };
  const connection = await pool.connect(host, { signal: abort });
  const opened = await openWorker({
    host,
    ...(probe === undefined ? {} : { probe }),
    file: workerFile,
    timeoutMs: connectTimeoutMs + TAKEOVER_MS,
    gate,
    runtimes,
    onDelivery: (parcel) => onDelivery?.(host, parcel),
    onLine: (line) => onLine(host, line),
    connection: { start: (script) => connection.exec(posixScript(script), { signal: abort }) },
    hello: { op: "hello", protocol: PROTOCOL_VERSION, repo, gitDeployDir, run, writer, ...mask },
  });
  if (opened.kind === "nothing-to-do") return { kind: "idle", connection };
  const { client, hello } = opened;
  publish(client, options);
  return { kind: "worker", host, connection, client, hello, hasRevision: false };
}

function publish(client: WorkerClient, { connectTimeoutMs, deployInfo }: SshFleetOptions): void {
  if (deployInfo === undefined) return;
  const { dryRun, sha256, yaml } = deployInfo;
  // Not awaited: the next request follows on its heels, and the worker answers in order.
  const published = client.request(
    { op: "publish", deployInfo: yaml, sha256, dryRun },
    { timeoutMs: connectTimeoutMs },
  );
  published.catch(() => {});
}

/** How long a request may take, besides what the worker needs to say that its time is up. */
export interface Patience extends Pick<SshFleetOptions, "connectTimeoutMs"> {
  readonly timeoutMs: number;
}

/** Asks the worker on a host. The worker ends the work itself when its time is up; waiting a little longer lets it say so. */
export function askTarget(
  { client }: Target,
  request: NewRequest,
  { connectTimeoutMs, timeoutMs }: Patience,
  payload?: () => Readable,
): Promise<unknown> {
  const patience = { timeoutMs: timeoutMs + connectTimeoutMs };
  return client.request(request, payload === undefined ? patience : { ...patience, payload });
}

/** The order to stop met the host while it was being connected. */
function stoppedOn(host: string, reason: unknown): TargetError {
  const message = reason instanceof Error ? reason.message : "Stopped";
  return new TargetError(host, message, { code: "STOPPED", isUnreachable: true, cause: reason });
}

/** A failure of SSH is its host's failure, not the run's; anything else is a bug and passes. */
function asHostFailure(host: string, error: unknown): unknown {
  if (error instanceof TargetError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined || code.startsWith("ERR_")) return error;
  const hint = "hint" in error && typeof error.hint === "string" ? { hint: error.hint } : {};
  return new TargetError(host, error.message, { code, ...hint, isUnreachable: true, cause: error });
}
