import { type CdbData, toBytes } from "./data.ts";
import { HASH_START, hashRange, nextHash } from "./hash.ts";

/** Keys up to this length are taken apart; longer ones are looked up in the slow way. */
const MAX_SHORT_BYTES = 256;

/**
 * The key of a lookup, with its hash, and its bytes four to a number, as they are compared. A reader has one of these
 * for all its lookups. The loops do four bytes at a time: the fewer instructions a lookup takes, the more of the next
 * one the processor begins while it waits for memory.
 */
export class LookupKey {
  /** Number of bytes. */
  length = 0;
  /** The hash as a signed number. */
  hash = 0;
  /** Whether `words` is filled. */
  isShort = true;
  /** The bytes as little-endian numbers, the last filled up with zeros. */
  readonly words: Int32Array = new Int32Array(MAX_SHORT_BYTES / 4 + 1);
  #data: CdbData = "";

  set(key: CdbData): void {
    this.#data = key;
    if (typeof key === "string") {
      if (key.length > MAX_SHORT_BYTES || !this.#setAscii(key)) this.#setBytes(toBytes(key, "key"));
    } else this.#setBytes(toBytes(key, "key"));
  }

  /** The bytes themselves. */
  bytes(): Uint8Array {
    return toBytes(this.#data, "key");
  }

  #setBytes(key: Uint8Array): void {
    const { length } = key;
    this.length = length;
    this.isShort = length <= MAX_SHORT_BYTES;
    if (!this.isShort) {
      this.hash = hashRange(key, 0, length) | 0;
      return;
    }
    const { words } = this;
    const whole = length & ~3;
    let hash = HASH_START;
    let at = 0;
    for (; at < whole; at = (at + 4) | 0) {
      const a = key[at] as number;
      const b = key[(at + 1) | 0] as number;
      const c = key[(at + 2) | 0] as number;
      const d = key[(at + 3) | 0] as number;
      hash = nextHash(nextHash(nextHash(nextHash(hash, a), b), c), d);
      words[at >> 2] = a | (b << 8) | (c << 16) | (d << 24);
    }
    let last = 0;
    for (let shift = 0; at < length; at = (at + 1) | 0, shift = (shift + 8) | 0) {
      const byte = key[at] as number;
      hash = nextHash(hash, byte);
      last |= byte << shift;
    }
    words[at >> 2] = last;
    this.hash = hash;
  }

  /** Returns false for text that is not ASCII. */
  #setAscii(key: string): boolean {
    const { words } = this;
    const { length } = key;
    const whole = length & ~3;
    let hash = HASH_START;
    let seen = 0;
    let at = 0;
    for (; at < whole; at = (at + 4) | 0) {
      const a = key.charCodeAt(at);
      const b = key.charCodeAt((at + 1) | 0);
      const c = key.charCodeAt((at + 2) | 0);
      const d = key.charCodeAt((at + 3) | 0);
      hash = nextHash(nextHash(nextHash(nextHash(hash, a), b), c), d);
      words[at >> 2] = a | (b << 8) | (c << 16) | (d << 24);
      seen |= a | b | c | d;
    }
    let last = 0;
    for (let shift = 0; at < length; at = (at + 1) | 0, shift = (shift + 8) | 0) {
      const code = key.charCodeAt(at);
      hash = nextHash(hash, code);
      last |= code << shift;
      seen |= code;
    }
    words[at >> 2] = last;
    this.hash = hash;
    this.length = length;
    this.isShort = true;
    return seen < 0x80;
  }
}
