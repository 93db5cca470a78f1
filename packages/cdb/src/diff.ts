import type { CdbReader } from "./reader.ts";

/** One key that two databases do not agree on. */
export interface CdbDifference {
  /** Only in the second, only in the first, or with other values. */
  readonly kind: "added" | "removed" | "changed";
  readonly key: Buffer;
  /** All values in the first database; empty for an added key. */
  readonly before: readonly Buffer[];
  /** All values in the second database; empty for a removed key. */
  readonly after: readonly Buffer[];
}

/**
 * Compares what two databases say about each key: the values and, for a key with several, their order. The order of
 * the keys does not count. Removed and changed keys come first, in the order of the first database, then added ones.
 */
export function* diffCdb(first: CdbReader, second: CdbReader): Generator<CdbDifference, void, undefined> {
  for (const key of distinctKeys(first)) {
    const before = first.getAll(key);
    const after = second.getAll(key);
    if (after.length === 0) yield { kind: "removed", key, before, after };
    else if (!isSame(before, after)) yield { kind: "changed", key, before, after };
  }
  for (const key of distinctKeys(second)) {
    if (!first.has(key)) yield { kind: "added", key, before: [], after: second.getAll(key) };
  }
}

function* distinctKeys(reader: CdbReader): Generator<Buffer, void, undefined> {
  const cursor = reader.cursor();
  while (cursor.next()) {
    // A lookup finds the first record of a key: any other one has been seen.
    if (reader.positionOf(cursor.key()) === cursor.position) yield Buffer.from(cursor.key());
  }
}

function isSame(before: readonly Buffer[], after: readonly Buffer[]): boolean {
  return before.length === after.length && before.every((value, at) => after[at]?.equals(value) === true);
}
