import { UnreachableError } from "../errors.ts";
import { Limiter } from "../limiter.ts";
import { pause } from "../pause.ts";

/** Options of a {@link HandshakeGate}. */
export interface HandshakeGateOptions {
  /** Handshakes at a time, to all servers together. */
  readonly maxConcurrent: number;
  /** A number from 0 to 1, for the spread of waiting times. */
  readonly random: () => number;
}

/** sshd starts to refuse at ten unauthenticated connections (`MaxStartups 10:30:100`). */
const FIRST_LIMIT_PER_SERVER = 10;
const BUSY_RETRIES = 12;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;

/**
 * Paces logins. A server that closes before it says anything is taken to be above its `MaxStartups`: fewer logins at
 * a time are then sent to it, and the refused one is tried again after a jittered, growing wait. Every login that
 * succeeds gives a little back.
 */
export class HandshakeGate {
  readonly #all: Limiter;
  readonly #servers = new Map<string, Limiter>();
  readonly #random: () => number;

  constructor({ maxConcurrent, random }: HandshakeGateOptions) {
    this.#all = new Limiter(maxConcurrent);
    this.#random = random;
  }

  /** Runs `login` when it is its turn, and again while the server is busy. */
  async pass<T>(server: string, login: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(server, login, signal);
      } catch (error) {
        const isBusy = error instanceof UnreachableError && error.reason === "busy";
        if (!isBusy || attempt >= BUSY_RETRIES) throw error;
      }
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
      await pause(longest * (0.5 + this.#random() / 2), signal);
    }
  }

  async #once<T>(server: string, login: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const limiter = this.#servers.get(server) ?? new Limiter(FIRST_LIMIT_PER_SERVER);
    this.#servers.set(server, limiter);
    const leaveServer = await limiter.take(signal);
    try {
      return await this.#together(login, limiter, signal);
    } finally {
      leaveServer();
    }
  }

  async #together<T>(login: () => Promise<T>, limiter: Limiter, signal: AbortSignal | undefined): Promise<T> {
    const leave = await this.#all.take(signal);
    try {
      const result = await login();
      limiter.limit += 1 / limiter.limit;
      return result;
    } catch (error) {
      if (error instanceof UnreachableError && error.reason === "busy") {
        limiter.limit = Math.max(1, Math.floor(limiter.limit / 2));
      }
      throw error;
    } finally {
      leave();
    }
  }
}
