import type { Readable } from "node:stream";
import { TargetError } from "../../errors.ts";
import { splitLines } from "../worker/split-lines.ts";
import { sendAll, type WorkerProcess } from "../worker/worker-client.ts";
import { CACHE_DIRECTORY, FITS_FUNCTION, OLDEST_NODE } from "./cache-directory.ts";
import { scriptResult, type ShellConnection } from "./run-script.ts";

/** A file that targets keep in the ssh user's cache, named after its content. */
export interface Parcel {
  /** What messages call it. */
  readonly label: string;
  /** File name on the target: letters, digits, dots and dashes. */
  readonly name: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Bytes on the wire: fewer where the file is sent as gzip, which the target unpacks. */
  readonly sentBytes: number;
  readonly isCompressed: boolean;
  /** Whether it is a Node, which must prove that it runs there. */
  readonly isRuntime: boolean;
  /** What is sent, made anew for each host. */
  open(): Readable;
}

/** Minutes after which a file that never became complete is taken away. */
const LEFTOVER_MINUTES = 60;

/**
 * Shell text that stores standard input as the parcel's file: complete and verified, or not at all. It says `present`
 * and ends when the file is there, or says `send` and reads. The only values put into the text are the parcel's.
 */
export function storeScript({ isCompressed, isRuntime, name, sha256, sizeBytes }: Parcel): string {
  return [
    "set -e",
    "umask 077",
    CACHE_DIRECTORY,
    FITS_FUNCTION,
    'mkdir -p "$dir"',
    `has_size() { [ "$(wc -c < "$1")" -eq ${sizeBytes} ]; }`,
    `file=$dir/${name}`,
    `if [ -f "$file" ] && has_size "$file"${isRuntime ? ' && fits "$file"' : ""}; then echo present; exit 0; fi`,
    `new=$dir/.${name}.$$`,
    `trap 'rm -f "$new"' EXIT`,
    "trap 'exit 1' HUP INT TERM",
    `find "$dir" -type f -name '.*.*' -mmin +${LEFTOVER_MINUTES} -exec rm -f {} + 2>/dev/null || :`,
    "echo send",
    `${isCompressed ? "gzip -dc" : "cat"} > "$new"`,
    `has_size "$new" || { echo "it arrived with $(wc -c < "$new") of ${sizeBytes} bytes" >&2; exit 1; }`,
    `if command -v sha256sum >/dev/null; then echo "${sha256}  $new" | sha256sum -c >/dev/null; fi`,
    ...(isRuntime ? ['chmod 700 "$new"', TRIAL] : []),
    // The name must not outlive a power cut without the content.
    'sync "$new" 2>/dev/null || :',
    'mv -f "$new" "$file"',
  ].join("\n");
}

/** Libraries may be missing, the home directory may allow no programs, or the program may be no Node at all. */
const TRIAL = `fits "$new" || {
  echo "it does not run there as Node ${OLDEST_NODE} or newer: $("$new" --version 2>&1 | sed -n 1p)" >&2; exit 1
}`;

/**
 * Brings a parcel to a host that may lack it.
 *
 * @param onSend - told when it begins to be sent
 * @returns whether it had to be sent
 * @throws TargetError when the host cannot take it; the error of SSH when the connection is lost.
 */
export async function storeParcel(
  host: string,
  connection: ShellConnection,
  parcel: Parcel,
  onSend?: () => void,
): Promise<boolean> {
  const process = await connection.start(storeScript(parcel));
  process.stdin.on("error", () => {});
  const wanted = firstLine(process);
  const ended = scriptResult(process);
  ended.catch(() => {});
  const isWanted = (await wanted) === "send";
  if (isWanted) onSend?.();
  // A host that cannot take the file says why at the end.
  if (isWanted) await sendAll(process.stdin, parcel.open()).catch(() => {});
  process.stdin.end();
  const { code, stderr } = await ended;
  if (code === 0) return isWanted;
  throw storeError(host, parcel, lastLine(stderr) || `status ${code}`);
}

/** The first line of output; undefined when the process ends without. */
async function firstLine(process: WorkerProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    splitLines(process.stdout, resolve);
    const nothing = (): void => resolve(undefined);
    process.stdout.once("close", nothing).once("end", nothing);
  });
}

function storeError(host: string, { isRuntime, label, sizeBytes }: Parcel, reason: string): TargetError {
  const megabytes = Math.ceil(sizeBytes / 1_000_000);
  return new TargetError(host, `could not store ${label} on the host: ${reason}`, {
    code: isRuntime ? "RUNTIME_NOT_STORED" : "WORKER_NOT_STORED",
    hint: `The ssh user needs a writable home directory with about ${megabytes} MB free${isRuntime ? " that allows programs" : ""}, and gzip.`,
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
