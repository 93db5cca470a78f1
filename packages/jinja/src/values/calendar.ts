/** A day of the Gregorian calendar, which here has no beginning. */
export interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
/** The day number of 1970-01-01. */
const EPOCH = 719_163;

/** Python's `toordinal()`: 1 for 0001-01-01. */
export function dayNumber({ year, month, day }: CalendarDay): number {
  // Date.UTC would take a year below 100 for one of the last century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS + EPOCH;
}

/** 0 for Monday. */
export function weekday(day: CalendarDay): number {
  return (dayNumber(day) + 6) % 7;
}

/** The year and week (from 1) of ISO 8601, which belong to the Thursday of the week. */
export function isoCalendar(day: CalendarDay): { readonly year: number; readonly week: number } {
  const thursday = dayNumber(day) - weekday(day) + 3;
  const year = new Date((thursday - EPOCH) * DAY_MS).getUTCFullYear();
  return { year, week: Math.floor((thursday - dayNumber({ year, month: 1, day: 1 })) / 7) + 1 };
}
