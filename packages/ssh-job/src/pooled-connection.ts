import type { Command } from "./command.ts";
import { endOnAbort, type AbandonableProcess } from "./end-on-abort.ts";
import { ConnectionLostError, SshError } from "./errors.ts";
import { type RemoteScript, remoteScript } from "./remote-script.ts";
import type { ExecOptions, RemoteProcess, SshConnection } from "./transport.ts";

/** A logged-in connection as a transport makes it. */
export interface OpenConnection {
  readonly isOpen: boolean;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Starts a script; `undefined` when the connection turned out to be gone before. */
  start(script: RemoteScript, signal?: AbortSignal): Promise<AbandonableProcess | undefined>;
  close(): Promise<void>;
}

interface Opening<T> {
  readonly connection: Promise<T>;
  readonly cancel: AbortController;
  waiters: number;
}

/** One host of a pool: opens a connection when it is needed, shares it, and replaces it when it was lost. */
export class PooledConnection<T extends OpenConnection = OpenConnection> implements SshConnection {
  readonly host: string;
  readonly #open: (signal: AbortSignal) => Promise<T>;
  readonly #idleTimeoutMs: number;
  #current: T | undefined;
  #opening: Opening<T> | undefined;
  #running = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(host: string, open: (signal: AbortSignal) => Promise<T>, idleTimeoutMs: number) {
    this.host = host;
    this.#open = open;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** The open connection, made now if there is none. Opening is given up when nobody waits for it any more. */
  async ready(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#current?.isOpen === true) return this.#current;
    const opening = (this.#opening ??= this.#startOpening());
    opening.waiters++;
    try {
      return await abortable(opening.connection, signal);
    } finally {
      opening.waiters--;
      // An abort after the end would do nothing but make an error with a stack, for every host.
      if (opening.waiters === 0 && this.#opening === opening) this.#stopOpening(opening, signal?.reason);
    }
  }

  async exec(command: Command, options: ExecOptions = {}): Promise<RemoteProcess> {
    const { signal } = options;
    const script = remoteScript(command, options);
    this.#setRunning(1);
    try {
      const process = await this.#start(script, signal);
      void this.#noteEnd(process);
      endOnAbort(process, signal);
      return process;
    } catch (error) {
      this.#setRunning(-1);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#opening?.cancel.abort(
      new SshError("CLOSED", `The connection to ${this.host} is closed`, { host: this.host }),
    );
    await this.#current?.close();
  }

  /** A connection that died unnoticed is replaced: nothing has run over the new one, so nothing can run twice. */
  async #start(script: RemoteScript, signal: AbortSignal | undefined): Promise<AbandonableProcess> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const connection = await this.ready(signal);
      const process = await connection.start(script, signal);
      if (process) return process;
      if (this.#current === connection) this.#current = undefined;
    }
    throw new ConnectionLostError(`The connection to ${this.host} is lost again and again`, {
      host: this.host,
    });
  }

  #startOpening(): Opening<T> {
    const cancel = new AbortController();
    const connection = this.#open(cancel.signal).then(
      (opened) => {
        if (cancel.signal.aborted) {
          void opened.close();
          throw cancel.signal.reason;
        }
        this.#current = opened;
        this.#opening = undefined;
        this.#watchIdle();
        return opened;
      },
      (error: unknown) => {
        if (this.#opening?.cancel === cancel) this.#opening = undefined;
        throw error;
      },
    );
    return { connection, cancel, waiters: 0 };
  }

  #stopOpening(opening: Opening<T>, reason: unknown): void {
    this.#opening = undefined;
    opening.cancel.abort(reason);
  }

  async #noteEnd(process: AbandonableProcess): Promise<void> {
    await process.closed;
    this.#setRunning(-1);
  }

  #setRunning(change: 1 | -1): void {
    this.#running += change;
    this.#watchIdle();
  }

  #watchIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#idleTimeoutMs === 0 || this.#running > 0 || !this.#current) return;
    this.#idleTimer = setTimeout(() => void this.#current?.close(), this.#idleTimeoutMs).unref();
  }
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal.reason as Error);
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
