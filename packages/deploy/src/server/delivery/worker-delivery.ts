import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { TargetError } from "../../errors.ts";
import type { HelloRequest, HelloResult } from "../../protocol.ts";
import { CACHE_DIRECTORY, FIND_NODE } from "./cache-directory.ts";
import { fittingRuntime } from "./fitting-runtime.ts";
import { PLATFORM_SCRIPT } from "./host-platform.ts";
import { storeParcel, type Parcel } from "./parcel.ts";
import { runScript, type ShellConnection } from "./run-script.ts";
import type { Runtime } from "./runtime-file.ts";
import type { Runtimes } from "./runtimes.ts";
import { noopProbeScript, type NoopProbe } from "./noop-probe.ts";
import type { TransferGate } from "../worker/transfer-gate.ts";
import { WorkerClient, type WorkerProcess } from "../worker/worker-client.ts";

/** The one file of `deploy-local`, ready to be sent. */
export interface WorkerFile {
  readonly bytes: Buffer;
  /** SHA-256, hexadecimal; names the file on the target. */
  readonly sha256: string;
}

/** Makes a {@link WorkerFile} of its bytes. */
export function workerFile(bytes: Buffer): WorkerFile {
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The worker's file as it is stored on targets. */
export function workerParcel({ bytes, sha256 }: WorkerFile): Parcel {
  return {
    label: "deploy-local",
    name: `deploy-local-${sha256}.mjs`,
    sha256,
    sizeBytes: bytes.length,
    sentBytes: bytes.length,
    isCompressed: false,
    isRuntime: false,
    open: () => Readable.from(pieces(bytes)),
  };
}

/** Status of the start script when the file is not there yet. */
const FILE_MISSING = 96;
/** Status of the start script when there is no Node that fits. */
const NODE_MISSING = 97;

/** What is written at once, so that no more is kept for a slow host. */
const PIECE_BYTES = 65_536;

const PROBE_ANSWER = JSON.stringify({ reply: 1, ok: true, result: null });

/**
 * Shell text that starts the worker from its place in the ssh user's cache. The only values put into the text are
 * hexadecimal digits. Where there is nothing to start it reads the greeting first: sshd does not tell the exit status
 * of a command that ends while input is on its way to it.
 */
export function startScript(file: WorkerFile, probe?: NoopProbe): string {
  return [
    // The probe answers the greeting, which is a worker's first request.
    ...(probe === undefined ? [] : [noopProbeScript(probe, PROBE_ANSWER)]),
    CACHE_DIRECTORY,
    `file=$dir/${workerParcel(file).name}`,
    FIND_NODE,
    `[ -n "$node" ] || { read -r greeting; exit ${NODE_MISSING}; }`,
    `[ -f "$file" ] || { read -r greeting; exit ${FILE_MISSING}; }`,
    `exec "$node" "$file" worker`,
  ].join("\n");
}

/**
 * Starts the worker on a host and greets it; sends first what the host lacks: a Node, the worker's file.
 *
 * The greeting is sent without waiting, so that a host that has everything costs one round trip.
 *
 * @throws TargetError when the host cannot run the worker.
 */
export async function openWorker(options: OpenWorkerOptions): Promise<OpenedWorker> {
  const delivered = new Set<number>();
  for (;;) {
    try {
      return await greet(options);
    } catch (error) {
      if (!(error instanceof WorkerNotStarted)) throw error;
      if (delivered.has(error.status)) throw startError(options.host, error.status);
      delivered.add(error.status);
      await deliver(
        options,
        error.status === NODE_MISSING ? await runtimeFor(options) : workerParcel(options.file),
      );
    }
  }
}

/** A worker that was greeted, or word that the host needs none. */
export type OpenedWorker =
  | { readonly kind: "worker"; readonly client: WorkerClient; readonly hello: HelloResult }
  | { readonly kind: "nothing-to-do" };

/** What {@link openWorker} needs. */
export interface OpenWorkerOptions {
  readonly host: string;
  readonly connection: ShellConnection;
  readonly file: WorkerFile;
  readonly hello: Omit<HelloRequest, "id">;
  /** Looks first whether there is anything to do; the worker is only started when there is. */
  readonly probe?: NoopProbe;
  readonly timeoutMs: number;
  /** Limits how many hosts get something large at once. */
  readonly gate: TransferGate;
  /** What hosts without a fitting Node are sent. */
  readonly runtimes: Runtimes;
  /** Told when a parcel begins to be sent. */
  readonly onDelivery?: (parcel: Parcel) => void;
  /** Gets every line of output that is not a reply. */
  readonly onLine: (line: string) => void;
}

class WorkerNotStarted extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`start script ended with status ${status}`);
    this.status = status;
  }
}

async function greet(options: OpenWorkerOptions): Promise<OpenedWorker> {
  const { gate, host, onLine, timeoutMs } = options;
  const process = await options.connection.start(startScript(options.file, options.probe));
  const client = new WorkerClient({ host, process, gate, onLine });
  try {
    // The reply's shape is the protocol's: the worker's file is the one that this program sent.
    const hello = (await client.request(options.hello, { timeoutMs })) as HelloResult | null;
    return hello === null ? { kind: "nothing-to-do" } : { kind: "worker", client, hello };
  } catch (error) {
    const status = await exitStatus(process);
    if (status === FILE_MISSING || status === NODE_MISSING) throw new WorkerNotStarted(status);
    throw error;
  }
}

async function exitStatus(process: WorkerProcess): Promise<number | null> {
  const running = new Promise<null>((resolve) => setTimeout(() => resolve(null), 100).unref());
  const ended = process.exit.then(
    ({ code }) => code,
    () => null,
  );
  return Promise.race([ended, running]);
}

async function deliver(
  { connection, gate, host, onDelivery }: OpenWorkerOptions,
  parcel: Parcel,
): Promise<void> {
  await gate.run(() => storeParcel(host, connection, parcel, () => onDelivery?.(parcel)));
}

async function runtimeFor({ connection, host, runtimes }: OpenWorkerOptions): Promise<Runtime> {
  return await fittingRuntime(
    host,
    runtimes,
    async () => (await runScript(connection, PLATFORM_SCRIPT)).stdout,
  );
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

function startError(host: string, status: number): TargetError {
  const what = status === NODE_MISSING ? "Node" : "deploy-local";
  return new TargetError(host, `${what} was stored on the host, but is not there when it is to be started`, {
    code: "NOT_KEPT",
    hint: "See what removes files from the cache directory of the ssh user there.",
  });
}
