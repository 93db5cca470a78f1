import type { Transport } from "./transport.ts";

/** How messages are sent in the background. */
export interface BackgroundSenderOptions {
  /** For messages about this sender, for example `syslog`. */
  readonly name: string;
  /** How a message is handed over. */
  readonly transport: Transport;
  /** Most messages that wait at a time; more are dropped and counted. @defaultValue 10_000 */
  readonly maxWaiting?: number;
  /** Most bytes that wait at a time. @defaultValue 16 MiB */
  readonly maxWaitingBytes?: number;
  /** How long `close` goes on sending what waits, in milliseconds. @defaultValue 2000 */
  readonly closeTimeoutMs?: number;
  /** Told once when sending fails, and at the end how many messages were lost. */
  readonly onProblem?: (message: string) => void;
}

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 10_000;

/** Sends messages in order, one at a time, without ever keeping the caller waiting. */
export class BackgroundSender {
  dropped = 0;
  readonly #options: Required<BackgroundSenderOptions>;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Messages that were neither handed over nor given up yet. */
  #waiting = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #hasWarned = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(options: BackgroundSenderOptions) {
    const defaults = { maxWaiting: 10_000, maxWaitingBytes: 16 * 1024 * 1024, closeTimeoutMs: 2000 };
    this.#options = { onProblem: () => undefined, ...defaults, ...options };
  }

  push(message: Uint8Array): void {
    const { maxWaiting, maxWaitingBytes } = this.#options;
    const isFull = this.#queue.length >= maxWaiting || this.#queuedBytes + message.length > maxWaitingBytes;
    if (this.#isClosed || isFull) {
      this.dropped += 1;
      return;
    }
    this.#queue.push(message);
    this.#waiting += 1;
    this.#queuedBytes += message.length;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#drainUntilTimeout();
    this.#isClosed = true;
    this.dropped += this.#waiting;
    this.#queue = [];
    this.#wake?.();
    const { name, onProblem, transport } = this.#options;
    const trouble = this.#hasWarned ? undefined : transport.trouble?.();
    await transport.close();
    if (this.dropped > 0)
      onProblem(`${name}: ${lostText(this.dropped)}${trouble === undefined ? "" : `: ${trouble}`}`);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const batch = this.#queue;
      this.#queue = [];
      if (batch.length === 0) return;
      await this.#sendBatch(batch);
    }
  }

  async #sendBatch(batch: readonly Uint8Array[]): Promise<void> {
    for (const message of batch) {
      if (this.#isClosed) return;
      this.#queuedBytes -= message.length;
      await this.#sendOne(message);
    }
  }

  async #sendOne(message: Uint8Array): Promise<void> {
    try {
      await this.#options.transport.send(message);
      this.#waiting -= 1;
      this.#pauseMs = FIRST_PAUSE_MS;
    } catch (error) {
      // What was still under way at the end has been counted then.
      if (this.#isClosed) return;
      this.#waiting -= 1;
      this.dropped += 1;
      this.#warnOnce(error as Error);
      await this.#pause();
    }
  }

  #warnOnce(error: Error): void {
    if (this.#hasWarned || this.#isClosed) return;
    this.#hasWarned = true;
    this.#options.onProblem(
      `${this.#options.name}: cannot send: ${error.message}; later failures are only counted`,
    );
  }

  // Waits longer after each failure, so that a dead receiver costs nothing; messages pile up in the bounded queue.
  async #pause(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs).unref();
      this.#wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, LAST_PAUSE_MS);
  }

  async #drainUntilTimeout(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.closeTimeoutMs);
    });
    await Promise.race([this.flush(), timeout]);
    clearTimeout(timer);
  }
}

function lostText(count: number): string {
  return count === 1 ? "1 message was lost" : `${count} messages were lost`;
}
