import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { TargetError } from "../../errors.ts";
import { HEARTBEAT_MS, type WorkerReply, type WorkerRequest } from "../../protocol.ts";
import { splitLines } from "./split-lines.ts";
import type { TransferGate } from "./transfer-gate.ts";

/** The process on the target, as the SSH package hands it out. */
export interface WorkerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A request before it has a number. */
export type NewRequest = WorkerRequest extends infer R
  ? R extends WorkerRequest
    ? Omit<R, "id">
    : never
  : never;

export interface WorkerClientOptions {
  readonly host: string;
  readonly process: WorkerProcess;
  /** Keeps payloads to all hosts from being under way at the same time, which would take memory for each. */
  readonly gate: TransferGate;
  /** Gets every line that is not a reply: log records and stray output, of standard error too. */
  readonly onLine: (line: string) => void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Longest wait for a worker to end that has nothing left to do, in milliseconds; its end is seen to on its host. */
const LONGEST_END_MS = 5_000;

/** What to look at where a login does not come to run anything. */
const LOGIN_HINT =
  "Try ssh to the host: start-up files of the login shell, such as .bashrc, must not read input, exit or start another shell.";

/** Longest text of standard error kept for a message, in characters. */
const STDERR_KEPT = 4_000;

/** Speaks the worker protocol with one target: requests in order, replies matched by number. */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #stderr = "";
  #hasAnswered = false;
  #lost: TargetError | undefined;
  /** Requests go out in the order in which they were made, also when one waits for the gate. */
  #turns: Promise<void> = Promise.resolve();
  /** Writes are chained so that a payload is never interrupted by a heartbeat. */
  #writes: Promise<void> = Promise.resolve();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    const { process } = options;
    process.stdin.on("error", () => {});
    process.stderr.setEncoding("utf8");
    process.stderr.on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    splitLines(process.stdout, (line) => this.#onLine(line));
    splitLines(process.stderr, options.onLine);
    this.#heartbeat = setInterval(() => void this.#write("", undefined), HEARTBEAT_MS).unref();
    process.exit.then(
      ({ code, signal }) => this.#loseEnded(code, signal),
      (error: unknown) => this.#lose(error instanceof Error ? error.message : String(error)),
    );
  }

  /**
   * Sends a request and waits for its reply; its time runs from when it is sent.
   *
   * @param payload - makes the raw bytes that follow the request; called when it is their turn.
   * @throws TargetError when the target refuses, fails, runs out of time or is lost.
   */
  async request(
    request: NewRequest,
    options: { timeoutMs: number; payload?: () => Readable },
  ): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    const id = this.#nextId++;
    const reply = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    let timer: NodeJS.Timeout | undefined;
    const send = async (): Promise<void> => {
      timer = setTimeout(() => this.#timeOut(id, request, options.timeoutMs), options.timeoutMs);
      await this.#write(JSON.stringify({ ...request, id }), options.payload);
    };
    // The gate comes before the first byte: a target that has read the line counts the time until the payload.
    this.#turns = this.#turns.then(() =>
      options.payload === undefined ? send() : this.#options.gate.run(send),
    );
    try {
      return await reply;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether the target can no longer be asked. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Ends the worker: everything already asked is answered first. A lost one is not waited for, a silent one not long. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.isLost) return;
    await this.#turns;
    await this.#writes;
    const { process } = this.#options;
    process.stdin.end();
    const ended = process.exit.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_END_MS);
    });
    await Promise.race([ended, silent]);
    clearTimeout(timer);
  }

  async #write(line: string, payload: (() => Readable) | undefined): Promise<void> {
    const { stdin } = this.#options.process;
    const write = async (): Promise<void> => {
      await writeAll(stdin, `${line}\n`);
      if (payload !== undefined) await sendAll(stdin, payload());
    };
    this.#writes = this.#writes.then(write).catch((error: unknown) => {
      this.#lose(`sending failed: ${error instanceof Error ? error.message : String(error)}`);
    });
    await this.#writes;
  }

  #onLine(line: string): void {
    if (!line.startsWith('{"reply":')) {
      this.#options.onLine(line);
      return;
    }
    const reply = parseReply(line);
    if (reply === undefined) {
      this.#options.onLine(line);
      return;
    }
    this.#hasAnswered = true;
    const waiting = this.#waiting.get(reply.reply);
    this.#waiting.delete(reply.reply);
    if (reply.ok) waiting?.resolve(reply.result);
    else waiting?.reject(new TargetError(this.#options.host, reply.error.message, reply.error));
  }

  #timeOut(id: number, request: NewRequest, timeoutMs: number): void {
    const work = request.op === "stage" ? request.stage : request.op;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const error = new TargetError(this.#options.host, `no answer to ${work} within ${timeoutMs / 1000} s`, {
      code: "TIMED_OUT",
      hint: this.#hasAnswered
        ? "The host may hang. Raise stage_timeout if the work needs longer."
        : `The host may hang. ${LOGIN_HINT}`,
      isUnreachable: true,
    });
    waiting?.reject(error);
    this.#lost ??= error;
    this.#options.process.stdin.destroy();
  }

  #loseEnded(code: number | null, signal: string | null): void {
    const isLogin = !this.#hasAnswered && signal === null;
    const how = describeExit(isLogin ? "login" : "worker", { code, signal, stderr: this.#stderr });
    this.#lose(how, isLogin ? LOGIN_HINT : undefined);
  }

  #lose(reason: string, hint?: string): void {
    clearInterval(this.#heartbeat);
    this.#lost ??= new TargetError(this.#options.host, `lost the host: ${reason}`, {
      code: "CONNECTION_LOST",
      isUnreachable: true,
      ...(hint === undefined ? {} : { hint }),
    });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#lost);
    this.#waiting.clear();
  }
}

function parseReply(line: string): WorkerReply | undefined {
  try {
    return JSON.parse(line) as WorkerReply; // the protocol's own type: worker and server are the same version
  } catch {
    return undefined;
  }
}

/** Sends everything that a stream gives, no faster than it is taken. */
export async function sendAll(to: Writable, payload: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of payload) await writeAll(to, chunk);
}

async function writeAll(stream: Writable, chunk: string | Buffer): Promise<void> {
  if (stream.destroyed) throw new Error("the connection is closed");
  if (stream.write(chunk)) return;
  const closed = new AbortController();
  const onClose = (): void => closed.abort();
  stream.once("close", onClose);
  try {
    await once(stream, "drain", { signal: closed.signal });
  } finally {
    stream.off("close", onClose);
  }
}

function describeExit(
  who: "login" | "worker",
  { code, signal, stderr }: { code: number | null; signal: string | null; stderr: string },
): string {
  const status = `ended with status ${code ?? "unknown"}`;
  const how =
    who === "login"
      ? `the login ${status} before anything answered`
      : signal === null
        ? `the worker ${status}`
        : `the worker was killed by ${signal}`;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return last === "" ? how : `${how}: ${last}`;
}
