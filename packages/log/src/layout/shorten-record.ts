import { type CentralRecord, centralJson } from "./central-layout.ts";

// What may be cut, and in which order: the texts that grow without bound and can be read in the log file.
const FIRST: readonly string[] = ["exception", "error", "output", "message"];

/**
 * The record as JSON of at most `maxBytes` that still parses: long texts are cut, the exception first, then the
 * message, then anything else; `"truncated": true` says so.
 */
export function shortenedJson(record: CentralRecord, maxBytes: number): string {
  const whole = centralJson(record);
  if (whole.length <= maxBytes) return whole;
  let short: CentralRecord = { ...record, truncated: true };
  for (const key of [...FIRST, ...keysBySize(record)]) {
    if (short[key] === undefined) continue;
    const excess = centralJson(short).length - maxBytes;
    if (excess <= 0) break;
    short = { ...short, [key]: cutValue(short[key], excess) };
  }
  return centralJson(short);
}

function keysBySize(record: CentralRecord): string[] {
  const size = (key: string): number => centralJson({ value: record[key] }).length;
  return Object.keys(record).toSorted((a, b) => size(b) - size(a));
}

// The JSON is ASCII, so its length is its size; a character takes 1 to 12 bytes there, found by halving.
function cutValue(value: unknown, excess: number): unknown {
  if (typeof value !== "string") return cutValue(centralJson({ value }), excess);
  const wanted = centralJson({ value }).length - excess;
  const chars = Array.from(value);
  let [low, high] = [0, chars.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (centralJson({ value: chars.slice(0, middle).join("") }).length <= wanted) low = middle;
    else high = middle - 1;
  }
  return chars.slice(0, low).join("");
}
