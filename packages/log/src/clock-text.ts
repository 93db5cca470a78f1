const NO_TIME = "--:--:--";

/**
 * The time of day of a record, `HH:MM:SS`.
 *
 * @param created - seconds since the epoch; anything that is no time gives `--:--:--`
 * @param utc - in UTC instead of local time
 */
export function clockText(created: unknown, utc = false): string {
  const seconds = typeof created === "string" ? Number.NaN : Number(created ?? Number.NaN);
  const date = new Date(Math.floor(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return NO_TIME;
  if (utc) return date.toISOString().slice(-13, -5);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
