import { typeError, valueError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { dayNumber, weekday } from "../values/calendar.ts";
import { PyDate, PyDateTime } from "../values/dates.ts";
import { PyFloat } from "../values/float.ts";
import { strftime, type Moment } from "../values/strftime.ts";
import { asString } from "../values/text.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { requireInteger } from "./arguments.ts";

/** What dates and date-times have in common. */
function commonMethods(): [string, FilterFunction][] {
  return [
    [
      "strftime",
      builtin("strftime", ["self", "format"], (_runtime, value, format) => {
        const text = asString(format);
        if (text !== undefined) return strftime(momentOf(value), text);
        throw typeError(`strftime() argument 1 must be str, not ${typeNameOf(format)}`);
      }),
    ],
    ["ctime", builtin("ctime", ["self"], (_runtime, value) => ctime(momentOf(value)))],
    ["weekday", builtin("weekday", ["self"], (_runtime, value) => weekday(momentOf(value)))],
    ["isoweekday", builtin("isoweekday", ["self"], (_runtime, value) => weekday(momentOf(value)) + 1)],
    ["toordinal", builtin("toordinal", ["self"], (_runtime, value) => dayNumber(momentOf(value)))],
  ];
}

/** The methods of `datetime.date`. */
export const dateMethods: ReadonlyMap<string, FilterFunction> = new Map([
  ...commonMethods(),
  [
    "isoformat",
    builtin("isoformat", ["self"], (_runtime, value) => {
      if (value instanceof PyDate) return value.text();
      throw typeError("a date is required");
    }),
  ],
  [
    "replace",
    builtin("replace", ["self", "year?", "month?", "day?"], (_runtime, value, ...changes) => {
      const { year, month, day } = changed(momentOf(value), ["year", "month", "day"], changes);
      return new PyDate(year, month, day);
    }),
  ],
]);

const TIME_PARTS = ["year", "month", "day", "hour", "minute", "second", "microsecond"] as const;

/** The methods of `datetime.datetime`. */
export const dateTimeMethods: ReadonlyMap<string, FilterFunction> = new Map([
  ...commonMethods(),
  [
    "isoformat",
    builtin("isoformat", ["self", "sep?"], (_runtime, value, separator = "T") =>
      requireDateTime(value).isoText(asString(separator) ?? "T"),
    ),
  ],
  [
    "date",
    builtin("date", ["self"], (_runtime, value) => {
      const { year, month, day } = requireDateTime(value).parts;
      return new PyDate(year, month, day);
    }),
  ],
  [
    "timestamp",
    builtin("timestamp", ["self"], (_runtime, value) => new PyFloat(requireDateTime(value).epochSeconds())),
  ],
  [
    "replace",
    builtin(
      "replace",
      ["self", "year?", "month?", "day?", "hour?", "minute?", "second?", "microsecond?"],
      (_runtime, value, ...changes) => {
        const { offsetMinutes, ...parts } = changed(momentOf(value), TIME_PARTS, changes);
        return new PyDateTime({ ...parts, ...(offsetMinutes === undefined ? {} : { offsetMinutes }) });
      },
    ),
  ],
]);

/** Unlike `%c`, with four digits for every year. */
function ctime(moment: Moment): string {
  return strftime(moment, `%a %b %e %H:%M:%S ${String(moment.year).padStart(4, "0")}`);
}

function momentOf(value: Value): Moment {
  if (value instanceof PyDate || value instanceof PyDateTime) return value.moment();
  throw typeError("a date is required");
}

function requireDateTime(value: Value): PyDateTime {
  if (value instanceof PyDateTime) return value;
  throw typeError("a datetime is required");
}

type TimePart = (typeof TIME_PARTS)[number];

const LAST: Readonly<Record<TimePart, number>> = {
  year: 9999,
  month: 12,
  day: 31,
  hour: 23,
  minute: 59,
  second: 59,
  microsecond: 999_999,
};

function changed(
  moment: Moment,
  names: readonly TimePart[],
  changes: readonly (Value | undefined)[],
): Moment {
  const parts: Partial<Record<TimePart, number>> = {};
  for (const [index, name] of names.entries()) {
    const change = changes[index];
    if (change !== undefined) parts[name] = requireInteger(change);
  }
  const result = { ...moment, ...parts };
  for (const name of names) requireInRange(result, name);
  const lastDay = new Date(Date.UTC(2000 + (result.year % 400), result.month, 0)).getUTCDate();
  if (result.day > lastDay) throw valueError("day is out of range for month");
  return result;
}

function requireInRange(moment: Moment, name: TimePart): void {
  const least = name === "year" || name === "month" || name === "day" ? 1 : 0;
  if (moment[name] >= least && moment[name] <= LAST[name]) return;
  if (name === "year") throw valueError(`year ${moment.year} is out of range`);
  throw valueError(
    name === "day" ? "day is out of range for month" : `${name} must be in ${least}..${LAST[name]}`,
  );
}
