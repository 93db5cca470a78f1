import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { constants } from "node:os";
import { PassThrough, type Readable, Transform, Writable } from "node:stream";
import { AnnouncedGroup } from "../announced-group.ts";
import { ConnectionLostError } from "../errors.ts";
import { MarkedLine } from "../marked-line.ts";
import type { AbandonableProcess } from "../end-on-abort.ts";
import type { RemoteScript } from "../remote-script.ts";
import type { RemoteExit, RemoteSignal } from "../transport.ts";

/** What is needed to make a local ssh process into a remote one. */
export interface OpenSshProcessOptions {
  readonly host: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** What runs; without a `pidMark` the input of ssh is the lifeline. */
  readonly script: RemoteScript;
  /** Starts the line of standard error with the command's own exit status. */
  readonly statusMark: string;
  /** Runs something short in another session. */
  readonly runAside: (script: string) => void;
  readonly isConnectionOpen: () => boolean;
}

/** ssh says of a session that a signal has ended no more than 255. */
const UNKNOWN_SIGNAL = "unknown signal";

/** A command that runs in a session of an ssh process. */
export class OpenSshProcess implements AbandonableProcess {
  readonly host: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<RemoteExit>;
  readonly closed: Promise<void>;
  readonly #options: OpenSshProcessOptions;
  readonly #group = new AnnouncedGroup();
  #tellStatus: (exit: RemoteExit) => void = () => undefined;
  #lastSignal: RemoteSignal | undefined;
  #isAbandoned = false;

  constructor(options: OpenSshProcessOptions) {
    const { host, child, script, statusMark } = options;
    const { pidMark } = script;
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
    const pid = pidMark && without(new MarkedLine(pidMark, (group) => this.#group.note(Number(group))));
    this.stderr = pid ? child.stderr.pipe(pid).pipe(status) : child.stderr.pipe(status);
    this.exit = exit;
    this.exit.catch(() => undefined);
    this.closed = new Promise((resolve) => child.once("close", () => resolve()));
  }

  kill(signal: RemoteSignal = "TERM"): void {
    const { child, runAside, script } = this.#options;
    this.#lastSignal = signal;
    if (script.pidMark === undefined) child.stdin.write(`${signal}\n`);
    else this.#group.use((id) => runAside(script.killText(id, signal)));
  }

  /** A lifeline is of the group, and stays to the end of it. */
  end(): void {
    const { runAside, script } = this.#options;
    if (script.pidMark === undefined) return this.kill("TERM");
    this.#lastSignal = "TERM";
    this.#group.use((id) => runAside(script.endText(id)));
  }

  /** Ends the local ssh, and with it the session. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#options.child.kill("SIGKILL");
    this.stdout.destroy();
    this.stderr.destroy();
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
