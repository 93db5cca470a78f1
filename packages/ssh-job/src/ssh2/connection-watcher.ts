import { randomBytes } from "node:crypto";
import type { ClientChannel } from "ssh2";
import { MarkedLine } from "../marked-line.ts";
import type { RemoteScript } from "../remote-script.ts";
import type { RemoteSignal } from "../transport.ts";
import { watcherPipe, watcherScript } from "../watcher-script.ts";

/** So many lifelines cost a host about as much as a watcher does; a connection that had them will have more. */
const LIFELINES_BEFORE = 8;

/** News that commands are over may wait, because each message wakes three processes on the host. */
const NEWS_DELAY_MS = 1000;
const NEWS_AT_ONCE = 16;

/** How to start a command. */
export interface PreparedCommand {
  readonly text: string;
  /** Missing for a command that looks after itself. */
  readonly watched?: WatchedCommand;
  /** A line of standard error that is not the command's. */
  readonly ownLine?: MarkedLine;
}

/** What the watcher is told about one command. */
export interface WatchedCommand {
  /** Sends a signal to the process group, now or when the command begins. */
  kill(signal: RemoteSignal): void;
  /** The command is given up: nothing of its group is to survive. */
  end(): void;
  /** The command is over. */
  done(): void;
}

/** Opens a session for the watcher if there is a place for one. */
type OpenSession = (script: string, use: (channel: ClientChannel) => void) => Promise<void>;

/** This side of the session that runs {@link watcherScript}: when there is one, and what it is told. */
export class ConnectionWatcher {
  readonly #open: OpenSession;
  readonly #running = new Set<number>();
  #channel: ClientChannel | undefined;
  #pipe: string | undefined;
  #commands = 0;
  #isRetired = false;
  readonly #over: number[] = [];
  #newsTimer: NodeJS.Timeout | undefined;

  constructor(open: OpenSession) {
    this.#open = open;
  }

  /** The command as it is started now: with a lifeline of its own until there is a watcher. */
  prepare({ text, watchedText }: RemoteScript): PreparedCommand {
    if (!watchedText) return { text };
    const id = ++this.#commands;
    const pipe = this.#pipe;
    if (pipe !== undefined) return { text: watchedText({ pipe, id }), watched: this.#watch(id) };
    return id === LIFELINES_BEFORE && !this.#isRetired ? this.#probe(text) : { text };
  }

  /** Runs a line of shell on the host. @returns whether there is a watcher to do it */
  run(line: string): boolean {
    if (this.#pipe === undefined) return false;
    this.#tell(`run ${line}`);
    return true;
  }

  /** Gives the session back as soon as no command needs it, for good. */
  retire(): void {
    this.#isRetired = true;
    this.#pipe = undefined;
    if (this.#running.size === 0) this.#channel?.end();
  }

  /** Where a command is forced by the server, a watcher would be one more run of that: so first see a shell. */
  #probe(text: string): PreparedCommand {
    const mark = newMark();
    const ownLine = new MarkedLine(mark, () => void this.#start());
    return { text: `[ ! -r /proc/self/stat ] || echo "${mark} " >&2\n${text}`, ownLine };
  }

  async #start(): Promise<void> {
    const mark = newMark();
    await this.#open(watcherScript(mark), (channel) => {
      this.#channel = channel;
      const hello = new MarkedLine(mark, (pid) => this.#noteReady(pid));
      channel.on("data", (chunk: Buffer) => hello.pass(chunk));
      channel.stderr.resume();
      channel.once("close", () => this.#noteClose());
      if (this.#isRetired) channel.end();
    });
  }

  #noteReady(pid: string): void {
    if (!this.#isRetired) this.#pipe = watcherPipe(pid);
  }

  #noteClose(): void {
    this.#channel = undefined;
    this.#pipe = undefined;
    this.#isRetired = true;
    clearTimeout(this.#newsTimer);
  }

  #watch(id: number): WatchedCommand {
    this.#running.add(id);
    return {
      kill: (signal) => this.#tell(`${signal} ${id}`),
      end: () => this.#forget(id, () => this.#tell(`end ${id}`)),
      done: () => this.#forget(id, () => this.#noteOver(id)),
    };
  }

  #forget(id: number, tell: () => void): void {
    if (!this.#running.delete(id)) return;
    tell();
    if (this.#isRetired) this.retire();
  }

  #noteOver(id: number): void {
    if (this.#over.push(id) === NEWS_AT_ONCE) this.#tellOver();
    else this.#newsTimer ??= setTimeout(() => this.#tellOver(), NEWS_DELAY_MS).unref();
  }

  #tellOver(): void {
    clearTimeout(this.#newsTimer);
    this.#newsTimer = undefined;
    this.#tell(...this.#over.splice(0).map((id) => `done ${id}`));
  }

  #tell(...lines: readonly string[]): void {
    this.#channel?.write(lines.map((line) => `${line}\n`).join(""));
  }
}

function newMark(): string {
  return `ssh-job-${randomBytes(12).toString("hex")}`;
}
