import { performance } from "node:perf_hooks";
import { LockError } from "../errors.ts";
import { field, textField, type EtcdClient } from "./etcd-client.ts";

/**
 * A lease that is kept alive. When it cannot be renewed until it ends, `lost` is aborted: whoever works under it must
 * stop then, because somebody else may have the lock.
 */
export class EtcdLease {
  readonly id: string;
  /** Aborted, with a LockError `LOCK_LOST`, when the lease has ended without being revoked. */
  readonly lost: AbortSignal;
  readonly #client: EtcdClient;
  readonly #ttlMs: number;
  readonly #lost = new AbortController();
  #validUntil: number;
  #timer: NodeJS.Timeout | undefined;
  #isRevoked = false;

  private constructor(client: EtcdClient, id: string, ttlMs: number, validUntil: number) {
    this.#client = client;
    this.id = id;
    this.#ttlMs = ttlMs;
    this.#validUntil = validUntil;
    this.lost = this.#lost.signal;
    this.#schedule();
  }

  /** Asks for a lease. The cluster may give a longer one than wanted. */
  static async grant(client: EtcdClient, ttlSeconds: number, signal?: AbortSignal): Promise<EtcdLease> {
    const asked = performance.now();
    const answer = await client.post("lease/grant", { TTL: String(ttlSeconds), ID: "0" }, signal);
    const ttlMs = Number(textField(answer, "TTL")) * 1000;
    return new EtcdLease(client, textField(answer, "ID"), ttlMs, asked + ttlMs);
  }

  /** Gives the lease up, and with it every key that hangs on it. */
  async revoke(): Promise<void> {
    this.#isRevoked = true;
    clearTimeout(this.#timer);
    await this.#client.post("lease/revoke", { ID: this.id });
  }

  #schedule(): void {
    // Three chances before the lease ends. The timer does not keep the process alive.
    this.#timer = setTimeout(() => void this.#renew(), this.#ttlMs / 3).unref();
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    try {
      const answer = await this.#client.post("lease/keepalive", { ID: this.id });
      const ttlMs = Number(textField(field(answer, "result"), "TTL")) * 1000;
      if (ttlMs > 0) this.#validUntil = asked + ttlMs;
      else this.#validUntil = 0;
    } catch {
      // The next chance may work; the end of the lease decides.
    }
    if (this.#isRevoked) return;
    if (performance.now() < this.#validUntil) this.#schedule();
    else this.#lost.abort(lostError());
  }
}

function lostError(): LockError {
  return new LockError("The lock in etcd was lost (its lease could not be renewed in time)", {
    code: "LOCK_LOST",
    hint: "Look at the etcd cluster and at what another deploy server did meanwhile, then start again.",
  });
}
