import type { CdbData } from "./data.ts";
import { LookupKey } from "./lookup-key.ts";

/** More keys at once than the processor can wait for would push each other out of its first cache. */
export const MAX_BATCH_KEYS = 32;

/** Takes keys apart, some at a time, in memory that is used again. */
export class KeyBatch {
  readonly #keys: LookupKey[] = [];

  /** The next keys from `start` on, valid until the following call. */
  take(keys: readonly CdbData[], start: number): readonly LookupKey[] {
    const batch = this.#keys;
    const count = Math.min(keys.length - start, MAX_BATCH_KEYS);
    while (batch.length < count) batch.push(new LookupKey());
    for (let at = 0; at < count; at++) batch[at]?.set(keys[start + at] as CdbData);
    return count === batch.length ? batch : batch.slice(0, count);
  }
}
