import { LogError } from "../errors.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a moment as people write it: `08:30` or `08:30:15` (today), an ISO date with or without a time, seconds
 * since the epoch, or how long ago (`90s`, `10m`, `2h`, `3d`).
 *
 * @param utc - read times without a zone as UTC instead of local time
 * @returns seconds since the epoch
 * @throws LogError with code `MOMENT_SYNTAX`
 */
export function parseMoment(text: string, nowMs: number, utc: boolean): number {
  const word = text.trim();
  const ago = /^(\d+(?:\.\d+)?)\s*([smhd])(?:\s+ago)?$/.exec(word);
  if (ago) return nowMs / 1000 - Number(ago[1]) * (UNITS[ago[2] ?? "s"] ?? 1);
  if (/^\d{5,}(?:\.\d+)?$/.test(word)) return Number(word);
  const milliseconds = Date.parse(withZone(withDate(word, nowMs, utc), utc));
  if (!Number.isNaN(milliseconds)) return milliseconds / 1000;
  throw new LogError(`Cannot read '${text}' as a moment`, {
    code: "MOMENT_SYNTAX",
    hint: "Use HH:MM[:SS], an ISO date such as 2031-04-05T06:07, seconds since the epoch, or 10m for ten minutes ago.",
  });
}

function withDate(word: string, nowMs: number, utc: boolean): string {
  if (!/^\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(word)) return word;
  const now = new Date(nowMs);
  const [year, month, day] = utc
    ? [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()]
    : [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return `${year}-${pad(month)}-${pad(day)}T${word}`;
}

// A date alone would be UTC and a date with a time local by the rules of JavaScript; here both follow the option.
function withZone(word: string, utc: boolean): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    word,
  );
  if (!match) return "";
  const zone = match[3] ?? (utc ? "Z" : "");
  return `${match[1]}T${match[2] ?? "00:00"}${zone}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
