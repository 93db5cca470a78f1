import type { Value } from "./value.ts";

/** Turns an index into a position from the start; `undefined` when it is no index or out of range. */
export function sequenceIndex(key: Value, length: number): number | undefined {
  if (typeof key === "boolean") return sequenceIndex(Number(key), length);
  if (typeof key !== "number") return undefined;
  const index = key < 0 ? key + length : key;
  return index >= 0 && index < length ? index : undefined;
}
