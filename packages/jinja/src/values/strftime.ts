import { dayNumber, isoCalendar, weekday } from "./calendar.ts";

/** A moment as a format sees it; a date is its midnight. */
export interface Moment {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Minutes east of UTC, or `undefined` without a zone. */
  readonly offsetMinutes: number | undefined;
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/** What a conversion shows: a text, or a number with its usual width and padding. */
type Part = string | readonly [value: number, width: number, padding?: " "];

const PARTS: Readonly<Record<string, (moment: Moment) => Part>> = {
  a: (moment) => dayName(moment).slice(0, 3),
  A: dayName,
  b: (moment) => monthName(moment).slice(0, 3),
  B: monthName,
  h: (moment) => monthName(moment).slice(0, 3),
  C: ({ year }) => [Math.floor(year / 100), 1],
  d: ({ day }) => [day, 2],
  e: ({ day }) => [day, 2, " "],
  f: ({ microsecond }) => String(microsecond).padStart(6, "0"),
  G: (moment) => [isoCalendar(moment).year, 1],
  g: (moment) => [isoCalendar(moment).year % 100, 2],
  H: ({ hour }) => [hour, 2],
  I: ({ hour }) => [hour % 12 || 12, 2],
  j: (moment) => [dayOfYear(moment), 3],
  k: ({ hour }) => [hour, 2, " "],
  l: ({ hour }) => [hour % 12 || 12, 2, " "],
  m: ({ month }) => [month, 2],
  M: ({ minute }) => [minute, 2],
  n: () => "\n",
  p: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  P: ({ hour }) => (hour < 12 ? "am" : "pm"),
  S: ({ second }) => [second, 2],
  t: () => "\t",
  u: (moment) => [weekday(moment) + 1, 1],
  U: (moment) => [weekOfYear(moment, 6), 2],
  V: (moment) => [isoCalendar(moment).week, 2],
  w: (moment) => [(weekday(moment) + 1) % 7, 1],
  W: (moment) => [weekOfYear(moment, 0), 2],
  y: ({ year }) => [year % 100, 2],
  Y: ({ year }) => [year, 1],
  z: ({ offsetMinutes }) => zoneText(offsetMinutes, ""),
  Z: zoneName,
  "%": () => "%",
};

const COMPOSED: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

/**
 * Python's `strftime` with the names of the C locale, and the flags of glibc: `%-d`, `%_d`, `%0e`, `%^a`, `%#p`.
 * A conversion that does not exist stays as it is.
 */
export function strftime(moment: Moment, format: string): string {
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const composed = COMPOSED[letter];
    if (composed !== undefined) return changeCase(strftime(moment, composed), flag, letter);
    const part = partOf(moment, flag, letter);
    if (part === undefined) return flag === "^" ? whole.toUpperCase() : whole;
    return typeof part === "string" ? changeCase(part, flag, letter) : padded(part, flag);
  });
}

// Python fills these in itself and knows no flags; the C library behind it sees a time without a zone.
function partOf(moment: Moment, flag: string, letter: string): Part | undefined {
  if (flag !== "" && (letter === "z" || letter === "Z")) return "";
  return flag !== "" && letter === "f" ? undefined : PARTS[letter]?.(moment);
}

function padded([value, width, usual]: Exclude<Part, string>, flag: string): string {
  if (flag === "-") return String(value);
  const padding = flag === "_" ? " " : flag === "0" ? "0" : (usual ?? "0");
  return String(value).padStart(width, padding);
}

function changeCase(text: string, flag: string, letter: string): string {
  if (letter === "P" || (flag === "#" && letter === "p")) return text.toLowerCase();
  return flag === "^" || (flag === "#" && "aAbBh".includes(letter)) ? text.toUpperCase() : text;
}

/** `+02:00` with a separator of `:`; empty without a zone. */
export function zoneText(offsetMinutes: number | undefined, separator: string): string {
  if (offsetMinutes === undefined) return "";
  const minutes = Math.abs(offsetMinutes);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${offsetMinutes < 0 ? "-" : "+"}${hour}${separator}${minute}`;
}

function zoneName({ offsetMinutes }: Moment): string {
  if (offsetMinutes === undefined) return "";
  return offsetMinutes === 0 ? "UTC" : `UTC${zoneText(offsetMinutes, ":")}`;
}

function dayName(moment: Moment): string {
  return DAYS[weekday(moment)] ?? "";
}

function monthName({ month }: Moment): string {
  return MONTHS[month - 1] ?? "";
}

function dayOfYear(moment: Moment): number {
  return dayNumber(moment) - dayNumber({ year: moment.year, month: 1, day: 1 }) + 1;
}

/** Weeks begin on `first`, where Monday is 0; days before the first such day are in week 0. */
function weekOfYear(moment: Moment, first: number): number {
  const daysSinceFirst = (weekday(moment) - first + 7) % 7;
  return Math.floor((dayOfYear(moment) + 6 - daysSinceFirst) / 7);
}
