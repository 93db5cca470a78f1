import { TemplateRuntimeError, typeError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { PyObject } from "./object.ts";
import { dayNumber } from "./calendar.ts";
import { zoneText, type Moment } from "./strftime.ts";
import type { Value } from "./value.ts";

const EPOCH = dayNumber({ year: 1970, month: 1, day: 1 });

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** A Python `datetime.date`. */
export class PyDate extends PyObject {
  readonly typeName: string = "date";
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** @param month - from 1. */
  constructor(year: number, month: number, day: number) {
    super();
    this.year = year;
    this.month = month;
    this.day = day;
  }

  override get moduleName(): string {
    return "datetime";
  }

  /** A number that grows with the date. */
  get order(): number {
    return (this.year * 100 + this.month) * 100 + this.day;
  }

  override repr(): string {
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`;
  }

  override text(): string {
    return `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (name === "year" || name === "month" || name === "day") return this[name];
    return runtime.methodOf("date", this, name);
  }

  /** Its midnight. */
  moment(): Moment {
    const { year, month, day } = this;
    return { year, month, day, hour: 0, minute: 0, second: 0, microsecond: 0, offsetMinutes: undefined };
  }

  override equals(other: Value): boolean {
    return other instanceof PyDate && other.order === this.order;
  }

  override hashKey(): unknown {
    return `\u0000date ${this.text()}`;
  }
}

/** The parts of a {@link PyDateTime}. */
export interface DateTimeParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly microsecond?: number;
  /** Minutes east of UTC; left out for a time without a zone. */
  readonly offsetMinutes?: number;
}

/** A Python `datetime.datetime`, with or without an offset from UTC. */
export class PyDateTime extends PyObject {
  readonly typeName = "datetime";
  /** All parts, with zeros filled in. */
  readonly parts: Required<Omit<DateTimeParts, "offsetMinutes">>;
  /** Minutes east of UTC, or `undefined` for a time without a zone. */
  readonly offsetMinutes: number | undefined;

  constructor({ offsetMinutes, ...parts }: DateTimeParts) {
    super();
    this.parts = { hour: 0, minute: 0, second: 0, microsecond: 0, ...parts };
    this.offsetMinutes = offsetMinutes;
  }

  override get moduleName(): string {
    return "datetime";
  }

  override repr(): string {
    const { year, month, day, hour, minute, second, microsecond } = this.parts;
    const values = [year, month, day, hour, minute];
    if (second !== 0 || microsecond !== 0) values.push(second);
    if (microsecond !== 0) values.push(microsecond);
    const zone = this.offsetMinutes === undefined ? "" : `, tzinfo=${zoneRepr(this.offsetMinutes)}`;
    return `datetime.datetime(${values.join(", ")}${zone})`;
  }

  override text(): string {
    return this.isoText(" ");
  }

  /** `isoformat(separator)` */
  isoText(separator: string): string {
    const { year, month, day, hour, minute, second, microsecond } = this.parts;
    const fraction = microsecond === 0 ? "" : `.${pad(microsecond, 6)}`;
    const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
    return `${date}${separator}${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${zoneText(this.offsetMinutes, ":")}`;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (Object.hasOwn(this.parts, name)) return this.parts[name as keyof typeof this.parts];
    return runtime.methodOf("datetime", this, name);
  }

  /** All parts with the offset. */
  moment(): Moment {
    return { ...this.parts, offsetMinutes: this.offsetMinutes };
  }

  /**
   * Seconds since 1970 in UTC.
   *
   * @throws TemplateRuntimeError for a time without a zone, which would depend on where the template is rendered
   */
  epochSeconds(): number {
    if (this.offsetMinutes === undefined)
      throw new TemplateRuntimeError(
        "NotImplementedError",
        "datetime.timestamp() of a time without a zone is not supported in templates",
      );
    const { second, microsecond } = this.parts;
    return this.#minutes() * 60 + second + microsecond / 1e6;
  }

  /** Below, at or above zero when this time is before, at or after `other`. */
  compareTo(other: PyDateTime): number {
    if (!this.#isComparable(other)) throw typeError("can't compare offset-naive and offset-aware datetimes");
    return this.#orderWith(other);
  }

  #isComparable(other: PyDateTime): boolean {
    return (this.offsetMinutes === undefined) === (other.offsetMinutes === undefined);
  }

  #orderWith(other: PyDateTime): number {
    const difference = this.#minutes() - other.#minutes();
    if (difference !== 0) return difference;
    const { second, microsecond } = this.parts;
    return second - other.parts.second || microsecond - other.parts.microsecond;
  }

  override equals(other: Value): boolean {
    return other instanceof PyDateTime && this.#isComparable(other) && this.#orderWith(other) === 0;
  }

  override hashKey(): unknown {
    return `\u0000datetime ${this.text()}`;
  }

  #minutes(): number {
    const { year, month, day, hour, minute } = this.parts;
    const days = dayNumber({ year, month, day }) - EPOCH;
    return (days * 24 + hour) * 60 + minute - (this.offsetMinutes ?? 0);
  }
}

function zoneRepr(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "datetime.timezone.utc";
  const seconds = offsetMinutes * 60;
  const delta = seconds < 0 ? `days=-1, seconds=${seconds + 86_400}` : `seconds=${seconds}`;
  return `datetime.timezone(datetime.timedelta(${delta}))`;
}
