import { YamlDate, YamlFloat, YamlTime } from "./yaml-values.ts";

type Entries = readonly (readonly [unknown, unknown])[];

/** Members of a mapping in the order of Python's `sorted`; as they come where their keys cannot be compared. */
export function sortEntries(entries: Entries): Entries {
  const comparable = COMPARABLE.find(({ accepts }) => entries.every(([key]) => accepts(key)));
  return comparable === undefined ? entries : entries.toSorted(([a], [b]) => comparable.compare(a, b));
}

/** A value with the members of all its mappings in the order in which a deploy info has them, and so targets see them. */
export function sortMappings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMappings);
  if (!(value instanceof Map)) return value;
  return new Map(sortEntries([...value]).map(([key, member]) => [key, sortMappings(member)]));
}

interface Comparable {
  readonly accepts: (key: unknown) => boolean;
  readonly compare: (a: unknown, b: unknown) => number;
}

const COMPARABLE: readonly Comparable[] = [
  {
    accepts: (key) => typeof key === "string",
    compare: (a, b) => compareCodePoints(String(a), String(b)),
  },
  {
    accepts: (key) => numberOf(key) !== undefined,
    compare: (a, b) => Number((numberOf(a) ?? 0) > (numberOf(b) ?? 0)) || -1,
  },
  {
    accepts: (key) => key instanceof YamlDate,
    compare: (a, b) => dayNumber(a) - dayNumber(b),
  },
  // Python compares times with a zone with each other, and times without one, but not one kind with the other.
  { accepts: (key) => isTime(key) && hasZone(key), compare: compareTimes },
  { accepts: (key) => isTime(key) && !hasZone(key), compare: compareTimes },
  {
    accepts: (key) => key instanceof Uint8Array,
    compare: (a, b) => (a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) : 0),
  },
];

function dayNumber(key: unknown): number {
  return key instanceof YamlDate ? (key.year * 12 + key.month) * 31 + key.day : 0;
}

function isTime(key: unknown): key is YamlTime {
  return key instanceof YamlTime;
}

function hasZone({ parts }: YamlTime): boolean {
  return parts.offsetMinutes !== undefined;
}

function compareTimes(a: unknown, b: unknown): number {
  if (!isTime(a) || !isTime(b)) return 0;
  return minuteOf(a) - minuteOf(b) || microsecondOf(a) - microsecondOf(b);
}

/** Minutes of UTC since some moment; years below 100 mean themselves. */
function minuteOf({ parts: { year, month, day, hour, minute, offsetMinutes = 0 } }: YamlTime): number {
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  return midnight / 60_000 + hour * 60 + minute - offsetMinutes;
}

function microsecondOf({ parts: { second, microsecond } }: YamlTime): number {
  return second * 1_000_000 + microsecond;
}

function numberOf(key: unknown): number | bigint | undefined {
  if (typeof key === "number" || typeof key === "bigint") return key;
  if (typeof key === "boolean") return Number(key);
  return key instanceof YamlFloat ? key.value : undefined;
}

// JavaScript compares UTF-16 units, which puts characters above U+FFFF before U+E000.
function compareCodePoints(a: string, b: string): number {
  const right = b[Symbol.iterator]();
  for (const character of a) {
    const other = right.next();
    if (other.done) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return right.next().done ? 0 : -1;
}
