import { type Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { ConnectionLostError } from "../errors.ts";
import type { RemoteExit, RemoteProcess, RemoteSignal } from "../transport.ts";
import { channelInput, channelOutput } from "./channel-streams.ts";
import { sendSignal } from "./send-signal.ts";

/** A command on an ssh2 channel. */
export class Ssh2Process implements RemoteProcess {
  readonly host: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<RemoteExit>;
  /** Resolves when the channel is closed on both sides, so that its place is free for another command. */
  readonly closed: Promise<void>;
  readonly #channel: ClientChannel;
  readonly #usesLifeline: boolean;
  #failExit: (error: ConnectionLostError) => void = () => undefined;
  #setClosed: () => void = () => undefined;
  #hasEnded = false;

  /** `usesLifeline`: the channel's input is the watcher's and not the command's. */
  constructor(host: string, channel: ClientChannel, usesLifeline: boolean) {
    this.host = host;
    this.#channel = channel;
    this.#usesLifeline = usesLifeline;
    this.stdout = channelOutput(channel);
    this.stderr = channelOutput(channel.stderr);
    this.stdin = usesLifeline ? endedInput() : channelInput(channel);
    this.closed = new Promise((resolve) => (this.#setClosed = resolve));
    this.exit = new Promise((resolve, reject) => {
      this.#failExit = reject;
      channel.once("exit", (code: number | null, signal?: string) => {
        this.#hasEnded = true;
        resolve({ code, signal: signal ?? null });
      });
    });
    // Whoever does not wait for the exit must not be ended by an unhandled rejection.
    this.exit.catch(() => undefined);
    const silent = `${host} ended the command without telling its exit status`;
    channel.once("close", () => this.fail(new ConnectionLostError(silent, { host })));
  }

  kill(signal: RemoteSignal = "TERM"): void {
    if (this.#hasEnded) return;
    if (this.#usesLifeline) this.#channel.write(`${signal}\n`);
    else sendSignal(this.#channel, signal);
  }

  /** To be told when the channel or its connection is gone. An exit status that came before that stays. */
  fail(error: ConnectionLostError): void {
    this.#hasEnded = true;
    this.#failExit(error);
    this.#setClosed();
  }

  /** Gives the command up: nothing of it is read any more, and its session ends on the host. */
  abandon(): void {
    this.stdout.destroy();
    this.stderr.destroy();
    this.#channel.close();
  }
}

function endedInput(): Writable {
  const input = new Writable({ write: (_chunk, _encoding, done) => done() });
  input.end();
  return input;
}
