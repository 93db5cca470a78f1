import { Limiter } from "../limiter.ts";

/** sshd's default for `MaxSessions`. */
const USUAL_MAX_SESSIONS = 10;

/** Time until one place more is tried after a refusal, in milliseconds; twice as long after each further one. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Places for the sessions of one connection, as many as its server turns out to allow. What a refusal teaches does not
 * hold for ever: sshd counts a session until a moment after its end, and some short ones have no place here.
 */
export class SessionPlaces {
  readonly #limiter = new Limiter(USUAL_MAX_SESSIONS);
  #waitMs = FIRST_WAIT_MS;
  #timer: NodeJS.Timeout | undefined;

  /** How many are taken. */
  get taken(): number {
    return this.#limiter.active;
  }

  /** Whether the next one to ask would have to wait. */
  get areAllTaken(): boolean {
    return this.#limiter.active >= this.#limiter.limit;
  }

  /** Waits for a place; call the result to give it back. @throws the reason of `signal` */
  async take(signal?: AbortSignal): Promise<() => void> {
    return await this.#limiter.take(signal);
  }

  /** The server has no room for the session of a place that is still held. */
  noteRefusal(): void {
    const others = this.#limiter.active - 1;
    if (others === 0) return;
    this.#limiter.limit = others;
    this.#tryOneMoreAfter(this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }

  #tryOneMoreAfter(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#limiter.limit++;
      if (this.#limiter.limit < USUAL_MAX_SESSIONS) this.#tryOneMoreAfter(FIRST_WAIT_MS);
      else this.#waitMs = FIRST_WAIT_MS;
    }, waitMs).unref();
  }
}
