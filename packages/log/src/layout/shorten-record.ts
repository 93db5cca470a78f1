import { writeJsonString, writeStrictJson } from "../json/write-json.ts";
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
  const short = shortened({ ...record, truncated: true }, FIRST, maxBytes);
  return centralJson(shortened(short, keysBySize(short), maxBytes));
}

function shortened(record: CentralRecord, keys: readonly string[], maxBytes: number): CentralRecord {
  let short = record;
  for (const key of keys) {
    if (short[key] === undefined) continue;
    const excess = centralJson(short).length - maxBytes;
    if (excess <= 0) break;
    short = { ...short, [key]: cutValue(short[key], excess) };
  }
  return short;
}

function keysBySize(record: CentralRecord): string[] {
  const sizes = Object.entries(record).map(([key, value]) => [key, centralJson({ value }).length] as const);
  return sizes.toSorted(([, a], [, b]) => b - a).map(([key]) => key);
}

function cutValue(value: unknown, excess: number): string {
  const json = writeStrictJson(value);
  return cutText(typeof value === "string" ? value : json, json.length - 2 - excess);
}

/** The beginning of a text that takes at most `room` bytes in JSON, cut between characters. */
function cutText(text: string, room: number): string {
  let [end, size] = [0, 0];
  for (const char of text) {
    size += literalSize(char);
    if (size > room) break;
    end += char.length;
  }
  return text.slice(0, end);
}

// The JSON is ASCII, so its length is its size; a character takes 1 to 12 bytes there.
function literalSize(text: string): number {
  return writeJsonString(text).length - 2;
}
