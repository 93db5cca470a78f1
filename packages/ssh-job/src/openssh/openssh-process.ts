import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { constants } from "node:os";
import { PassThrough, type Readable, Transform, Writable } from "node:stream";
import { ConnectionLostError } from "../errors.ts";
import { MarkedLine } from "../marked-line.ts";
import type { RemoteExit, RemoteProcess, RemoteSignal } from "../transport.ts";

/** What is needed to make a local ssh process into a remote one. */
export interface OpenSshProcessOptions {
  readonly host: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** See `RemoteScript.pidMark`; without one the input of ssh is the lifeline. */
  readonly pidMark: string | undefined;
  /** Starts the line of standard error with the command's own exit status. */
  readonly statusMark: string;
  readonly signalGroup: (group: number, signal: RemoteSignal) => void;
  readonly isConnectionOpen: () => boolean;
}

/** ssh says of a session that a signal has ended no more than 255. */
const UNKNOWN_SIGNAL = "unknown signal";

/** A command that runs in a session of an ssh process. */
export class OpenSshProcess implements RemoteProcess {
  readonly host: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<RemoteExit>;
  readonly closed: Promise<void>;
  readonly #options: OpenSshProcessOptions;
  readonly #signalsToSend: RemoteSignal[] = [];
  #group: number | undefined;
  #tellStatus: (exit: RemoteExit) => void = () => undefined;
  #lastSignal: RemoteSignal | undefined;
  #isAbandoned = false;

  constructor(options: OpenSshProcessOptions) {
    const { host, child, pidMark, statusMark } = options;
    this.host = host;
    this.#options = options;
    child.stdin.on("error", () => undefined);
    this.stdin = pidMark === undefined ? new PassThrough().end() : child.stdin;
    this.stdout = child.stdout;
    const exit = Promise.race([
      new Promise<RemoteExit>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", () => this.#settle(resolve, reject));
      }),
      new Promise<RemoteExit>((resolve) => (this.#tellStatus = resolve)),
    ]);
    const status = without(new MarkedLine(statusMark, (code) => this.#tellStatus(exitOf(Number(code)))));
    const pid = pidMark && without(new MarkedLine(pidMark, (group) => this.#noteGroup(Number(group))));
    this.stderr = pid ? child.stderr.pipe(pid).pipe(status) : child.stderr.pipe(status);
    this.exit = exit;
    this.exit.catch(() => undefined);
    this.closed = new Promise((resolve) => child.once("close", () => resolve()));
  }

  kill(signal: RemoteSignal = "TERM"): void {
    const { child, pidMark, signalGroup } = this.#options;
    this.#lastSignal = signal;
    if (pidMark === undefined) child.stdin.write(`${signal}\n`);
    else if (this.#group === undefined) this.#signalsToSend.push(signal);
    else signalGroup(this.#group, signal);
  }

  /** Ends the local ssh, and with it the session. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#options.child.kill("SIGKILL");
    this.stdout.destroy();
    this.stderr.destroy();
  }

  #noteGroup(group: number): void {
    this.#group = group;
    for (const signal of this.#signalsToSend) this.#options.signalGroup(group, signal);
  }

  #settle(resolve: (exit: RemoteExit) => void, reject: (error: Error) => void): void {
    const { host, child, isConnectionOpen } = this.#options;
    const { exitCode } = child;
    // Without a status line a signal has ended the remote shell, or the connection is gone.
    if (this.#isAbandoned || exitCode === null) return reject(lost(host, "it was given up"));
    if (exitCode !== 255) return resolve({ code: exitCode, signal: null });
    if (!isConnectionOpen()) return reject(lost(host, "ssh has ended"));
    return resolve({ code: null, signal: this.#lastSignal ? `SIG${this.#lastSignal}` : UNKNOWN_SIGNAL });
  }
}

/** ksh93 tells a signal as 256 and its number; other shells as a status that a command can have, too. */
function exitOf(status: number): RemoteExit {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === status - 256) ?? [];
  return signal === undefined ? { code: status, signal: null } : { code: null, signal };
}

function lost(host: string, why: string): ConnectionLostError {
  return new ConnectionLostError(`The connection to ${host} was lost: ${why}`, {
    host,
    hint: "Whether the command finished is not known.",
  });
}

function without(line: MarkedLine): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, line.pass(chunk)),
    flush: (done) => done(null, line.rest()),
  });
}
