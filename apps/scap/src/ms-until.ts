import { UsageError } from "@scap/cli";

/**
 * Milliseconds until a time of day (`17:30`, today or tomorrow) or a date with time (`2031-04-05T17:30`, local time
 * unless it has a zone).
 *
 * @throws UsageError naming the option when it is no time or has passed.
 */
export function msUntil(text: string, option: string, now: Date = new Date()): number {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (hours > 23 || minutes > 59) throw noTime(text, option);
    const time = new Date(now);
    time.setHours(hours, minutes, 0, 0);
    if (time <= now) time.setDate(time.getDate() + 1);
    return time.getTime() - now.getTime();
  }
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (Number.isNaN(time)) throw noTime(text, option);
  if (time <= now.getTime()) throw new UsageError(`${option}: ${text} has passed`);
  return time - now.getTime();
}

function noTime(text: string, option: string): UsageError {
  return new UsageError(`${option}: ${JSON.stringify(text)} is no time; write 17:30 or 2031-04-05T17:30`);
}
