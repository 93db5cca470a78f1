import { expect, it } from "vitest";
import { Environment, PyDate, PyDateTime } from "../index.ts";

const day = new PyDate(2021, 1, 3);
const time = new PyDateTime({
  ...{ year: 2024, month: 12, day: 30, hour: 14, minute: 5, second: 9, microsecond: 42 },
  offsetMinutes: -330,
});

function render(expression: string, d: PyDate | PyDateTime): string {
  return new Environment().compile(`{{ ${expression} }}`).render({ d });
}

// What python3-jinja2 prints.
it.each([
  ["d.strftime('%A %a %d %e|%-d|%_d %B %^b')", "Sunday Sun 03  3|3| 3 January JAN"],
  ["d.strftime('%j %U %W %V %G %g %u %w')", "003 01 00 53 2020 20 7 0"],
  [
    "d.strftime('%c|%x|%X|%F|%D|%T')",
    "Sun Jan  3 00:00:00 2021|01/03/21|00:00:00|2021-01-03|01/03/21|00:00:00",
  ],
  ["d.strftime('%f %z%Z %Q 100%')", "000000  %Q 100%"],
  ["d.replace(month=2).isoformat()", "2021-02-03"],
  ["'{:%d.%m.%Y}'.format(d)", "03.01.2021"],
  ["[d.weekday(), d.isoweekday(), d.toordinal()]", "[6, 7, 737793]"],
])("formats a date: %s", (expression, text) => expect(render(expression, day)).toBe(text));

it.each([
  ["d.strftime('%I:%M %p %P %-I %k %l')", "02:05 PM pm 2 14  2"],
  ["d.strftime('%z %Z %f %-f%^Z')", "-0530 UTC-05:30 000042 %-f"],
  ["d.strftime('%G-W%V-%u')", "2025-W01-1"],
  ["d.ctime()", "Mon Dec 30 14:05:09 2024"],
  ["d.replace(year=1999, microsecond=0)", "1999-12-30 14:05:09-05:30"],
  ["d.timestamp()", "1735587309.000042"],
])("formats a time: %s", (expression, text) => expect(render(expression, time)).toBe(text));

it.each([
  ["d.replace(month=2, day=30)", "day is out of range for month"],
  ["d.replace(year=0)", "year 0 is out of range"],
  ["d.replace(month=13)", "month must be in 1..12"],
  ["d.strftime(3)", "strftime() argument 1 must be str, not int"],
])("refuses what Python refuses: %s", (expression, message) =>
  expect(() => render(expression, day)).toThrow(message),
);
