import { type CdbData, toBytes } from "./data.ts";

const SCRATCH_BYTES = 256;

/** Gives the bytes of a key; plain ASCII text, the usual case, needs no new memory. */
export class KeyScratch {
  /** The key's bytes; only the first `length` count. */
  bytes: Uint8Array;
  length = 0;
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);

  constructor() {
    this.bytes = this.#scratch;
  }

  set(key: CdbData): void {
    if (typeof key === "string" && key.length <= SCRATCH_BYTES && this.#copyAscii(key)) return;
    this.bytes = toBytes(key, "key");
    this.length = this.bytes.length;
  }

  #copyAscii(key: string): boolean {
    const scratch = this.#scratch;
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at);
      if (code > 0x7f) return false;
      scratch[at] = code;
    }
    this.bytes = scratch;
    this.length = key.length;
    return true;
  }
}
