import type { Fleet } from "../fleet/fleet.ts";

/** A lease is renewed this many times in its length, so that a late renewal does no harm. */
const RENEWALS_A_LEASE = 3;

/** A question is given up this much before the leases end, so that the deployment takes back what the hosts would. */
const ANSWER_SHARE = 0.9;

/** How long a question may wait. */
export interface AnswerLimit {
  /** Ends the question. */
  readonly tooLate: AbortSignal;
  /** When that will be, in milliseconds from the start. */
  readonly timeMs: number;
}

/** What {@link LeaseKeeper} needs. */
export interface LeaseKeeperOptions {
  readonly fleet: Pick<Fleet, "renew">;
  /** Calls again and again, until the returned function is called. @defaultValue a timer of the process */
  readonly every?: (timeMs: number, work: () => void) => () => void;
}

/**
 * Keeps leases of hosts alive while the deployment is at work: whoever hears nothing more goes back. Time in which it
 * only waits for a person is not renewed, because nobody may be there.
 */
export class LeaseKeeper {
  readonly #fleet: Pick<Fleet, "renew">;
  readonly #every: NonNullable<LeaseKeeperOptions["every"]>;
  readonly #idle = new Set<string>();
  readonly #busy = new Set<string>();
  #leaseMs = 0;
  #stop: (() => void) | undefined;

  constructor({ every = repeat, fleet }: LeaseKeeperOptions) {
    this.#fleet = fleet;
    this.#every = every;
  }

  /** Runs a promotion with a lease. The host renews it by itself while it works. */
  async promoting<T>(host: string, leaseMs: number, work: () => Promise<T>): Promise<T> {
    this.#leaseMs = leaseMs;
    this.#busy.add(host);
    this.#stop ??= this.#every(leaseMs / RENEWALS_A_LEASE, () => void this.#renew());
    try {
      return await work();
    } finally {
      this.#busy.delete(host);
      this.#idle.add(host);
    }
  }

  /** The host has no lease any more, or is asked for something that ends it. */
  release(host: string): void {
    this.#idle.delete(host);
    if (this.#idle.size + this.#busy.size === 0) this.close();
  }

  /** Hosts whose lease stands. */
  get hosts(): readonly string[] {
    return [...this.#idle];
  }

  /** Asks a person. Without leases there is no limit; else the question ends shortly before them. */
  async whileAsking<T>(ask: (limit: AnswerLimit | undefined) => Promise<T>): Promise<T> {
    if (this.#idle.size === 0) return await ask(undefined);
    await this.#renew();
    this.close();
    try {
      const timeMs = Math.floor(this.#leaseMs * ANSWER_SHARE);
      return await ask({ timeMs, tooLate: AbortSignal.timeout(timeMs) });
    } finally {
      await this.#renew();
      this.#stop = this.#every(this.#leaseMs / RENEWALS_A_LEASE, () => void this.#renew());
    }
  }

  /** Renews nothing any more. */
  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** What fails here shows when the host is asked for something. */
  async #renew(): Promise<void> {
    await Promise.allSettled(this.hosts.map(async (host) => await this.#fleet.renew(host)));
  }
}

function repeat(timeMs: number, work: () => void): () => void {
  const timer = setInterval(work, timeMs).unref();
  return () => clearInterval(timer);
}
