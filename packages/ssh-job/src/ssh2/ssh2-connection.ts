import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { forAnyShell } from "../any-shell.ts";
import { ConnectionLostError, SshError, UnreachableError } from "../errors.ts";
import type { RemoteScript } from "../remote-script.ts";
import type { DialedClient } from "./dial.ts";
import { roomIn, type Room } from "./channel-streams.ts";
import { ConnectionWatcher, type PreparedCommand } from "./connection-watcher.ts";
import { endOnce } from "./end-once.ts";
import { LateCloses } from "./late-closes.ts";
import { SessionPlaces } from "./session-places.ts";
import { Ssh2Process } from "./ssh2-process.ts";

/** How long a host may take to close its side, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1000;

/** One logged-in connection: channels, and when it ends. */
export class Ssh2Connection {
  readonly host: string;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #room: Room;
  readonly #closes: LateCloses;
  readonly #places = new SessionPlaces();
  readonly #processes = new Set<Ssh2Process>();
  readonly #watcher = new ConnectionWatcher((script, use) => this.#openForWatcher(script, use));
  #isOpen = true;

  constructor(host: string, { client, socket }: DialedClient) {
    this.host = host;
    this.#client = client;
    this.#socket = socket;
    this.#room = roomIn(socket);
    this.#closes = new LateCloses(client);
    let cause: Error | undefined;
    client.on("error", (error) => (cause ??= error));
    this.closed = new Promise((resolve) => {
      client.once("close", () => {
        this.#isOpen = false;
        for (const process of this.#processes) process.fail(connectionLost(host, cause));
        resolve();
      });
    });
  }

  /** Whether commands can be started, as far as is known. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Starts the script, as soon as the server has room for another session.
   *
   * @returns `undefined` when the connection turned out to be gone before anything was started.
   * @throws SshError `SESSION_REFUSED`, ConnectionLostError, or the reason of `signal`
   */
  async start(script: RemoteScript, signal?: AbortSignal): Promise<Ssh2Process | undefined> {
    for (;;) {
      const release = await this.#places.take(signal);
      const prepared = this.#watcher.prepare(script);
      const open = (): Promise<OpenOutcome<Ssh2Process>> =>
        this.#open(prepared.text, (channel) => this.#track(channel, script, prepared, release));
      let outcome = await open();
      // sshd counts a session until a moment after it has closed it: one refusal may be about the one before.
      if (outcome.kind === "full" && this.#places.taken === 1) outcome = await open();
      if (outcome.kind === "started") return outcome.result;
      prepared.watched?.done();
      if (outcome.kind === "full") this.#watcher.retire();
      const isOnly = this.#places.taken === 1;
      if (outcome.kind === "full") this.#places.noteRefusal();
      release();
      if (outcome.kind === "gone") return undefined;
      if (outcome.kind === "refused" || isOnly) throw this.#refused(outcome.error);
    }
  }

  /** A stream to a place that the host can reach. @throws UnreachableError */
  async forward(address: string, port: number, forHost: string): Promise<Duplex> {
    return await new Promise((resolve, reject) => {
      this.#client.forwardOut("127.0.0.1", 0, address, port, (error, channel) => {
        if (!error) return resolve(channel);
        const message = `Cannot connect to ${forHost}: jump host ${this.host} does not reach ${address} port ${port}`;
        return reject(new UnreachableError("network", message, { host: forHost, cause: error }));
      });
    });
  }

  /** Ends the connection; resolves when it is closed. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#client.end();
    // A host that does not answer would keep the socket for minutes, and ssh2 destroys none that it has ended.
    const force = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS);
    await this.closed;
    clearTimeout(force);
  }

  #track(
    channel: ClientChannel,
    script: RemoteScript,
    prepared: PreparedCommand,
    release: () => void,
  ): Ssh2Process {
    endOnce(channel);
    const process = new Ssh2Process({
      host: this.host,
      channel,
      room: this.#room,
      script,
      prepared,
      runAside: (text) => void this.#runAside(text),
    });
    this.#processes.add(process);
    void this.#forget(process, prepared, release);
    return process;
  }

  async #forget(process: Ssh2Process, { watched }: PreparedCommand, release: () => void): Promise<void> {
    await process.closed;
    watched?.done();
    this.#processes.delete(process);
    release();
  }

  async #openForWatcher(script: string, use: (channel: ClientChannel) => void): Promise<void> {
    if (this.#places.areAllTaken) return;
    const release = await this.#places.take();
    const outcome = await this.#open(script, (channel) => {
      channel.once("close", release);
      use(channel);
    });
    if (outcome.kind !== "started") release();
  }

  /** Runs something short without a place of its own, and without interest in how it ends. */
  async #runAside(script: string): Promise<void> {
    if (this.#watcher.run(script)) return;
    await this.#open(script, (channel) => {
      channel.resume().end();
      channel.stderr.resume();
    });
  }

  /**
   * `use` must be called at once and not after a turn of the event loop: the answer to the request, the exit status
   * and the end of a short command can all come in one packet.
   */
  async #open<T>(script: string, use: (channel: ClientChannel) => T): Promise<OpenOutcome<T>> {
    if (!this.#isOpen) return { kind: "gone" };
    return await new Promise((resolve) => {
      try {
        this.#client.exec(forAnyShell(script), (error, channel) => {
          if (error) return resolve(classifyOpenFailure(error));
          this.#closes.delay(channel);
          return resolve({ kind: "started", result: use(channel) });
        });
      } catch {
        // ssh2 throws when its socket has ended before it told anyone.
        resolve({ kind: "gone" });
      }
    });
  }

  #refused(cause: Error): SshError {
    if (!this.#isOpen) return connectionLost(this.host, cause);
    return new SshError("SESSION_REFUSED", `${this.host} refuses to run a command: ${cause.message}`, {
      host: this.host,
      cause,
      hint: "Check MaxSessions and ForceCommand in its sshd_config, and the login shell of the user.",
    });
  }
}

type OpenOutcome<T> = { readonly kind: "started"; readonly result: T } | FailedOpening;

type FailedOpening = { readonly kind: "full" | "refused"; readonly error: Error } | { readonly kind: "gone" };

/**
 * A channel-open failure carries the server's reason number: too many sessions, most likely. Without one, ssh2 says
 * by these words that the connection ended while the channel was being opened, so that nothing can have started.
 */
function classifyOpenFailure(error: Error & { reason?: number | string }): FailedOpening {
  if (typeof error.reason === "number") return { kind: "full", error };
  return error.message === "No response from server" ? { kind: "gone" } : { kind: "refused", error };
}

function connectionLost(host: string, cause: (Error & { level?: string }) | undefined): ConnectionLostError {
  const why =
    cause?.level === "client-timeout" ? "it answers no more" : (cause?.message ?? "the host closed it");
  return new ConnectionLostError(`The connection to ${host} was lost: ${why}`, {
    host,
    cause,
    hint: "Whether the command finished is not known.",
  });
}
