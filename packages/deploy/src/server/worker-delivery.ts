import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { TargetError } from "../errors.ts";
import type { HelloRequest, HelloResult } from "../protocol.ts";
import type { TransferGate } from "./transfer-gate.ts";
import { noopProbeScript, type NoopProbe } from "./noop-probe.ts";
import { sendAll, WorkerClient, type WorkerProcess } from "./worker-client.ts";

/** The one file of `deploy-local`, ready to be sent. */
export interface WorkerFile {
  readonly bytes: Buffer;
  /** SHA-256, hexadecimal; names the file on the target. */
  readonly sha256: string;
}

/** What delivery needs of an SSH connection. */
export interface ShellConnection {
  /** Starts a script of the POSIX shell. */
  start(script: string): Promise<WorkerProcess>;
}

/** Makes a {@link WorkerFile} of its bytes. */
export function workerFile(bytes: Buffer): WorkerFile {
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Status of the start script when the file is not there yet. */
const FILE_MISSING = 96;
/** Status of the start script when there is no Node. */
const NODE_MISSING = 97;

/** What is written at once, so that no more is kept for a slow host. */
const PIECE_BYTES = 65_536;

const PROBE_ANSWER = JSON.stringify({ reply: 1, ok: true, result: null });

const DIRECTORY = "dir=${XDG_CACHE_HOME:-$HOME/.cache}/scap";

/**
 * Shell text that starts the worker from its place in the ssh user's cache. The only values put into the text are
 * hexadecimal digits. Where there is nothing to start it reads the greeting first: sshd does not tell the exit status
 * of a command that ends while input is on its way to it.
 */
export function startScript(file: WorkerFile, probe?: NoopProbe): string {
  return [
    // The probe answers the greeting, which is a worker's first request.
    ...(probe === undefined ? [] : [noopProbeScript(probe, PROBE_ANSWER)]),
    DIRECTORY,
    `file=$dir/deploy-local-${file.sha256}.mjs`,
    `command -v node >/dev/null 2>&1 || { read -r greeting; exit ${NODE_MISSING}; }`,
    `[ -f "$file" ] || { read -r greeting; exit ${FILE_MISSING}; }`,
    `exec node "$file" worker`,
  ].join("\n");
}

/** Shell text that stores standard input as the worker's file: complete and verified, or not at all. */
export function storeScript(file: WorkerFile): string {
  const name = `deploy-local-${file.sha256}.mjs`;
  return [
    "set -e",
    "umask 077",
    DIRECTORY,
    'mkdir -p "$dir"',
    `temporary=$dir/.${name}.$$`,
    `trap 'rm -f "$temporary"' EXIT`,
    'cat > "$temporary"',
    `echo "${file.sha256}  $temporary" | sha256sum -c >/dev/null`,
    `mv -f "$temporary" "$dir/${name}"`,
  ].join("\n");
}

/**
 * Starts the worker on a host and greets it; sends its file first when the host lacks it.
 *
 * The greeting is sent without waiting, so that a host that has the file costs one round trip.
 *
 * @throws TargetError when the host cannot run the worker.
 */
export async function openWorker(options: OpenWorkerOptions): Promise<OpenedWorker> {
  try {
    return await greet(options);
  } catch (error) {
    if (!(error instanceof WorkerNotStarted)) throw error;
    if (error.status !== FILE_MISSING) throw startError(options.host, error.status);
  }
  await options.gate.run(() => store(options.host, options.connection, options.file));
  return greet(options);
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

async function collect(process: WorkerProcess): Promise<string> {
  let text = "";
  process.stderr.on("data", (chunk: Buffer | string) => {
    text = (text + chunk.toString()).slice(-4_000);
  });
  await process.exit.catch(() => {});
  return text;
}

async function store(host: string, connection: ShellConnection, file: WorkerFile): Promise<void> {
  const process = await connection.start(storeScript(file));
  process.stdout.resume();
  process.stdin.on("error", () => {});
  const told = collect(process);
  // A host that cannot take the file says why at the end.
  await sendAll(process.stdin, Readable.from(pieces(file.bytes))).catch(() => {});
  process.stdin.end();
  const [{ code }, stderr] = await Promise.all([process.exit, told]);
  if (code === 0) return;
  throw new TargetError(
    host,
    `could not store deploy-local on the host: ${lastLine(stderr) || `status ${code}`}`,
    {
      code: "WORKER_NOT_STORED",
      hint: "The ssh user needs a writable home directory with about 1 MB free.",
    },
  );
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

function startError(host: string, status: number): TargetError {
  if (status !== NODE_MISSING) throw new TypeError(`No words for start status ${status}`);
  return new TargetError(host, "node is not installed on the host", {
    code: "NODE_MISSING",
    hint: "Install Node 20.19 or newer there, where the ssh user's PATH finds it.",
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
