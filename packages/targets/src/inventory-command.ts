import { spawn } from "node:child_process";

import { TargetsError } from "./errors.ts";
import { MAX_LIST_BYTES } from "./host-list-file.ts";

/** How an inventory program is run. */
export interface InventoryCommandOptions {
  /** Program and arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest run, in milliseconds. @defaultValue 30_000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program that prints hosts, and gives its standard output.
 *
 * @throws {TargetsError} `TARGET_LIST_COMMAND_FAILED` when it cannot start, fails, prints too much or takes too
 *   long; its whole process group is then ended
 */
export async function runInventoryCommand(options: InventoryCommandOptions): Promise<Uint8Array> {
  const [program = "", ...args] = options.argv;
  const child = spawn(program, args, {
    // A group of its own, so that what the program has started ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  let verdict: string | undefined;
  const stop = (reason: string): void => {
    verdict ??= reason;
    endGroup(child.pid);
  };
  const timeoutMs = options.timeoutMs ?? 30_000;
  const timer = setTimeout(() => stop(`took longer than ${timeoutMs / 1_000} seconds`), timeoutMs);
  const onAbort = (): void => stop("was interrupted");
  options.signal?.addEventListener("abort", onAbort);
  const stdout = gather(child.stdout, MAX_LIST_BYTES, () =>
    stop(`printed more than ${MAX_LIST_BYTES} bytes`),
  );
  const stderr = gather(child.stderr, 4_096, () => undefined);
  try {
    const failure = await new Promise<string | undefined>((resolve) => {
      child.once("error", (error) => resolve(`cannot be run: ${error.message}`));
      child.once("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
    });
    const reason = verdict ?? failure;
    if (reason !== undefined) throw failed(options.argv, reason, Buffer.concat(stderr).toString());
    return Buffer.concat(stdout);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/** Keeps what comes up to the limit and tells when there is more. */
function gather(stream: NodeJS.ReadableStream, limit: number, onExcess: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else onExcess();
  });
  return chunks;
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

function failed(argv: readonly string[], reason: string, stderr: string): TargetsError {
  const said = stderr.trim().split("\n", 1)[0] ?? "";
  return new TargetsError(`The inventory ${argv.join(" ")} ${reason}${said === "" ? "" : `: ${said}`}`, {
    code: "TARGET_LIST_COMMAND_FAILED",
    hint: "Run it by hand; it must print one host a line and end with 0.",
  });
}
