import { report } from "./layout";

/**
 * Lays out hash tables, one behind the other, of records that are sorted by table. Reports how many pairs with the same
 * hash met.
 *
 * @param at hash and position of each record
 * @param sizes number of records of each table
 */
export function tablesOfRecords(at: usize, sizes: usize, tables: u32, to: usize): void {
  let equalHashes = 0;
  for (let table: u32 = 0; table < tables; table++) {
    const size = load<u32>(sizes + <usize>table * 4);
    const end = to + <usize>size * 16;
    memory.fill(to, 0, end - to);
    for (const last = at + <usize>size * 8; at < last; at += 8) {
      const hash = load<u32>(at);
      let slot = to + <usize>((hash >> 8) % (size * 2)) * 8;
      while (load<u32>(slot, 4) != 0) {
        if (load<u32>(slot) == hash) equalHashes++;
        slot += 8;
        if (slot == end) slot = to;
      }
      store<u64>(slot, load<u64>(at));
    }
    to = end;
  }
  report(at, to, equalHashes);
}
