import { UnreachableError } from "./errors.ts";
import { Limiter } from "./limiter.ts";
import { pause } from "./pause.ts";

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
/** A server that has never let anybody in may not be an SSH server at all. */
const STRANGER_RETRIES = 7;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;

interface Server {
  readonly limiter: Limiter;
  hasLetIn: boolean;
}

/**
 * Paces logins. A server that closes before it says anything is taken to be above its `MaxStartups`: fewer logins at
 * a time are then sent to it, and the refused one is tried again after a jittered, growing wait. Every login that
 * succeeds gives a little back.
 */
export class HandshakeGate {
  readonly #all: Limiter;
  readonly #servers = new Map<string, Server>();
  readonly #random: () => number;

  constructor({ maxConcurrent, random }: HandshakeGateOptions) {
    this.#all = new Limiter(maxConcurrent);
    this.#random = random;
  }

  /** Runs `login` when it is its turn, and again while the server is busy. */
  async pass<T>(name: string, login: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const server = this.#servers.get(name) ?? {
      limiter: new Limiter(FIRST_LIMIT_PER_SERVER),
      hasLetIn: false,
    };
    this.#servers.set(name, server);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(server, login, signal);
      } catch (error) {
        const retries = server.hasLetIn ? BUSY_RETRIES : STRANGER_RETRIES;
        if (!isBusy(error) || attempt >= retries) throw error;
      }
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
      await pause(longest * (0.5 + this.#random() / 2), signal);
    }
  }

  async #once<T>(server: Server, login: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const leaveServer = await server.limiter.take(signal);
    try {
      return await this.#together(server, login, signal);
    } finally {
      leaveServer();
    }
  }

  async #together<T>(server: Server, login: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { limiter } = server;
    const leave = await this.#all.take(signal);
    try {
      const result = await login();
      server.hasLetIn = true;
      limiter.limit += 1 / limiter.limit;
      return result;
    } catch (error) {
      if (isBusy(error)) limiter.limit = Math.max(1, Math.floor(limiter.limit / 2));
      throw error;
    } finally {
      leave();
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof UnreachableError && error.reason === "busy";
}
