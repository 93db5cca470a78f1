import type { YamlValues } from "./yaml-scalars.ts";

/** Floats are numbers, dates ISO texts, bytes `Uint8Array`s, pairs arrays. */
export const plainYamlValues: YamlValues = {
  float: (value) => value,
  date: (year, month, day) => isoDate(year, month, day),
  dateTime({ year, month, day, hour, minute, second, microsecond, offsetMinutes }) {
    const fraction = microsecond === 0 ? "" : `.${String(microsecond).padStart(6, "0")}`;
    const time = [hour, minute, second].map(twoDigits).join(":");
    return `${isoDate(year, month, day)}T${time}${fraction}${isoZone(offsetMinutes)}`;
  },
  bytes: (data) => data,
  pair: (key, value) => [key, value],
};

function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

function isoZone(offsetMinutes: number | undefined): string {
  if (offsetMinutes === undefined) return "";
  const absolute = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? "-" : "+"}${twoDigits(Math.floor(absolute / 60))}:${twoDigits(absolute % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
