import { MAX_RECORDS, RECORDS } from "./layout";

const LONG_BYTES: usize = 512;

/** Copies bytes; up to fifteen behind them are written too. */
export function copy(from: usize, to: usize, length: usize): void {
  if (length >= LONG_BYTES) {
    memory.copy(to, from, length);
    return;
  }
  const end = from + length;
  while (from < end) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
}

/** CDB's hash of some bytes. */
function hashOf(at: usize, end: usize): u32 {
  let hash: u32 = 5381;
  for (; at < end; at++) hash = ((hash << 5) + hash) ^ load<u8>(at);
  return hash;
}

/** Writes the lengths of the record at `to` and notes its hash and where in the file it is. */
export function noteRecord(count: i32, to: usize, keyLength: usize, valueLength: usize, position: u32): void {
  store<u32>(to, <u32>keyLength);
  store<u32>(to, <u32>valueLength, 4);
  const note = RECORDS + <usize>count * 8;
  store<u32>(note, hashOf(to + 8, to + 8 + keyLength));
  store<u32>(note, position, 4);
}

/** Whether there is room for one more record. */
export function hasRoom(count: i32): bool {
  return count < MAX_RECORDS;
}
