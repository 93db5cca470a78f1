import type { ByteSource } from "./byte-source.ts";
import { SLOT_BYTES, TABLE_COUNT } from "./format.ts";
import type { CdbHeader } from "./header.ts";

/** Slots looked at, for each slot there is. Half-full tables need about two. */
const MAX_STEPS_PER_SLOT = 16;

/**
 * Whether two records with the same hash can be found by lookups. Tables that are so full that telling would take long
 * count as having some.
 */
export function hasEqualHashes(source: ByteSource, header: CdbHeader): boolean {
  for (let table = 0; table < TABLE_COUNT; table++) {
    if (hasEqualHashesIn(source, header.positions[table] ?? 0, header.slotCounts[table] ?? 0)) return true;
  }
  return false;
}

/** Records with the same hash start in the same slot, so no free slot is between them. */
function hasEqualHashesIn(source: ByteSource, start: number, slotCount: number): boolean {
  let steps = slotCount * MAX_STEPS_PER_SLOT;
  for (let slot = 0; slot < slotCount; slot++) {
    const at = start + slot * SLOT_BYTES;
    if (source.u32(at + 4) === 0) continue;
    const hash = source.u32(at);
    let other = slot + 1 === slotCount ? 0 : slot + 1;
    while (other !== slot && source.u32(start + other * SLOT_BYTES + 4) !== 0) {
      if (source.u32(start + other * SLOT_BYTES) === hash || --steps < 0) return true;
      other = other + 1 === slotCount ? 0 : other + 1;
    }
  }
  return false;
}
