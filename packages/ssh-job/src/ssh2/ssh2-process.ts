import { type Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { ConnectionLostError } from "../errors.ts";
import { MarkedLine } from "../marked-line.ts";
import type { RemoteExit, RemoteProcess, RemoteSignal } from "../transport.ts";
import type { PreparedCommand } from "./connection-watcher.ts";
import { channelInput, channelOutput, type Room } from "./channel-streams.ts";

/** What is needed to make a channel into a process. */
export interface Ssh2ProcessOptions {
  readonly host: string;
  readonly channel: ClientChannel;
  /** In the stream below the connection. */
  readonly room: Room;
  /** See `RemoteScript.pidMark`; without one the channel's input is the lifeline. */
  readonly pidMark: string | undefined;
  readonly prepared: PreparedCommand;
  /** Signals the process group from another session. */
  readonly signalGroup: (group: number, signal: RemoteSignal) => void;
}

/** A command on an ssh2 channel. */
export class Ssh2Process implements RemoteProcess {
  readonly host: string;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<RemoteExit>;
  /** Resolves when nothing more can come from the command, so that its place is free for another one. */
  readonly closed: Promise<void>;
  readonly #options: Ssh2ProcessOptions;
  #stdin: Writable | undefined;
  readonly #signalsToSend: RemoteSignal[] = [];
  #group: number | undefined;
  #failExit: (error: ConnectionLostError) => void = () => undefined;
  #setClosed: () => void = () => undefined;
  #hasEnded = false;

  constructor(options: Ssh2ProcessOptions) {
    const { host, channel, pidMark, prepared, room } = options;
    this.host = host;
    this.#options = options;
    const ownLine =
      pidMark === undefined
        ? prepared.ownLine
        : new MarkedLine(pidMark, (group) => this.#noteGroup(Number(group)));
    this.stdout = channelOutput(channel);
    this.stderr = channelOutput(channel.stderr, ownLine);
    this.#stdin = pidMark === undefined ? undefined : channelInput(channel, room);
    this.closed = new Promise((resolve) => (this.#setClosed = resolve));
    this.exit = this.#exitOf(channel);
    // Whoever does not wait for the exit must not be ended by an unhandled rejection.
    this.exit.catch(() => undefined);
    channel.once("close", () => this.#noteClose());
  }

  get stdin(): Writable {
    return (this.#stdin ??= endedInput());
  }

  kill(signal: RemoteSignal = "TERM"): void {
    if (this.#hasEnded) return;
    if (this.#options.pidMark === undefined) this.#killByLifeline(signal);
    else if (this.#group === undefined) this.#signalsToSend.push(signal);
    else this.#options.signalGroup(this.#group, signal);
  }

  /** Also a command that is to be watched looks after itself when it does not find the watcher. */
  #killByLifeline(signal: RemoteSignal): void {
    this.#options.prepared.watched?.kill(signal);
    this.#options.channel.write(`${signal}\n`);
  }

  /** To be told when the channel or its connection is gone. An exit status that came before that stays. */
  fail(error: ConnectionLostError): void {
    this.#hasEnded = true;
    this.#failExit(error);
    this.#setClosed();
  }

  /** An error is made only where it is wanted: it would cost as much as all else that an ending command does. */
  #noteClose(): void {
    const { host } = this;
    if (this.#hasEnded) this.#setClosed();
    else
      this.fail(
        new ConnectionLostError(`${host} ended the command without telling its exit status`, { host }),
      );
  }

  /** Gives the command up: nothing of it is read any more, and its session ends. */
  abandon(): void {
    const { host, channel, prepared } = this.#options;
    this.stdout.destroy();
    this.stderr.destroy();
    prepared.watched?.end();
    channel.close();
    this.fail(new ConnectionLostError(`The command on ${host} did not end and was given up`, { host }));
  }

  async #exitOf(channel: ClientChannel): Promise<RemoteExit> {
    return await new Promise((resolve, reject) => {
      this.#failExit = reject;
      channel.once("exit", (code: number | null, signal?: string) => {
        this.#hasEnded = true;
        resolve({ code, signal: signal ?? null });
      });
    });
  }

  #noteGroup(group: number): void {
    this.#group = group;
    for (const signal of this.#signalsToSend) this.#options.signalGroup(group, signal);
  }
}

function endedInput(): Writable {
  const input = new Writable({ write: (_chunk, _encoding, done) => done() });
  input.end();
  return input;
}
