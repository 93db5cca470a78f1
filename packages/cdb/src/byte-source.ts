import type { CdbHeader } from "./header.ts";
import type { LookupKey } from "./lookup-key.ts";

/** Where a reader finds the bytes of a CDB file. Callers check positions against `sizeBytes` first. */
export interface ByteSource {
  /** File name for messages. */
  readonly path: string | undefined;
  readonly sizeBytes: number;
  /** Whether slices are views of memory that stays; otherwise they are copies. */
  readonly isInMemory: boolean;
  /** The little-endian 32-bit number at a position. */
  u32(position: number): number;
  /** Whether a key is at a position. */
  matches(position: number, key: Uint8Array): boolean;
  slice(position: number, length: number): Buffer;
  /**
   * Bytes from `position` on for reading in file order: at least `minimum` of them, usually more.
   *
   * @param memory is written over, if the source has to copy and the window fits
   */
  window(position: number, minimum: number, memory?: Buffer): Buffer;
  /**
   * A faster way to the first record of a key, for sources that have one.
   *
   * @returns the record's position, -1 if there is none, or {@link UNSURE} if the slow way must tell
   */
  findFirst?(header: CdbHeader, key: LookupKey): number;
  /** Begins to fetch what `findFirst` will look at for each of some keys. */
  prefetch?(header: CdbHeader, keys: readonly LookupKey[]): void;
  close(): void;
}

/** The fast way met something that may be damaged. */
export const UNSURE = -2;
