import { type Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { AnnouncedGroup } from "../announced-group.ts";
import { ConnectionLostError } from "../errors.ts";
import { MarkedLine } from "../marked-line.ts";
import type { AbandonableProcess } from "../end-on-abort.ts";
import type { RemoteScript } from "../remote-script.ts";
import type { RemoteExit, RemoteSignal } from "../transport.ts";
import type { PreparedCommand } from "./connection-watcher.ts";
import { channelInput, channelOutput, type Room } from "./channel-streams.ts";

/** What is needed to make a channel into a process. */
export interface Ssh2ProcessOptions {
  readonly host: string;
  readonly channel: ClientChannel;
  /** In the stream below the connection. */
  readonly room: Room;
  /** What runs; without a `pidMark` the channel's input is the lifeline. */
  readonly script: RemoteScript;
  readonly prepared: PreparedCommand;
  /** Runs something short in another session. */
  readonly runAside: (script: string) => void;
}

/** A command on an ssh2 channel. */
export class Ssh2Process implements AbandonableProcess {
  readonly host: string;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<RemoteExit>;
  /** Resolves when nothing more can come from the command, so that its place is free for another one. */
  readonly closed: Promise<void>;
  readonly #options: Ssh2ProcessOptions;
  #stdin: Writable | undefined;
  readonly #group = new AnnouncedGroup();
  #failExit: (error: ConnectionLostError) => void = () => undefined;
  #setClosed: () => void = () => undefined;
  #hasEnded = false;

  constructor(options: Ssh2ProcessOptions) {
    const { host, channel, prepared, room } = options;
    const { pidMark } = options.script;
    this.host = host;
    this.#options = options;
    const ownLine =
      pidMark === undefined
        ? prepared.ownLine
        : new MarkedLine(pidMark, (group) => this.#group.note(Number(group)));
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
    const { runAside, script } = this.#options;
    if (this.#hasEnded) return;
    if (script.pidMark === undefined) this.#killByLifeline(signal);
    else this.#group.use((id) => runAside(script.killText(id, signal)));
  }

  /** A lifeline is of the group, and stays to the end of it. */
  end(): void {
    const { runAside, script } = this.#options;
    if (script.pidMark === undefined) this.kill("TERM");
    else this.#group.use((id) => runAside(script.endText(id)));
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
}

function endedInput(): Writable {
  const input = new Writable({ write: (_chunk, _encoding, done) => done() });
  input.end();
  return input;
}
