import { endianness } from "node:os";

/** Size of the index at the start of every CDB file, in bytes. */
export const HEADER_BYTES = 2048;
/** Number of hash tables. */
export const TABLE_COUNT = 256;
/** Bytes in front of each key: key length and value length. */
export const RECORD_HEADER_BYTES = 8;
/** Bytes of one slot of a hash table: hash and position. */
export const SLOT_BYTES = 8;
/** Largest size of a CDB file: every position must fit into 32 bits. */
export const MAX_FILE_BYTES = 0xffff_ffff;

/** The bytes of 32-bit numbers as the file has them, which is little-endian on every machine. */
export function littleEndianBytes(words: Uint32Array): Buffer {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}
