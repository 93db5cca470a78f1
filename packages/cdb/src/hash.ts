/** Hash of the empty key, and the start of every other. */
export const HASH_START = 5381;

/**
 * D. J. Bernstein's hash as CDB uses it: for each byte multiply by 33, keep 32 bits, then XOR the byte.
 *
 * @returns an unsigned 32-bit number
 */
export function cdbHash(key: Uint8Array): number {
  return hashRange(key, 0, key.length);
}

/** {@link cdbHash} of the bytes from `start` up to `end`, without a view of them. */
export function hashRange(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) hash = nextHash(hash, bytes[at] as number);
  return hash >>> 0;
}

/** The hash one byte on, as a signed number. */
export function nextHash(hash: number, byte: number): number {
  return ((hash << 5) + hash) ^ byte;
}
