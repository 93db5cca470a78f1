// The rules of PyYAML's resolver and safe constructor for scalars. Its patterns are older than YAML 1.2 and narrower
// than YAML 1.1: an exponent needs a point and a sign, `y` and `n` are text.

/** Makes the values that JavaScript has no type of its own for; this is where callers differ. */
export interface YamlValues {
  float(value: number): unknown;
  date(year: number, month: number, day: number): unknown;
  dateTime(parts: YamlDateTime): unknown;
  bytes(data: Uint8Array): unknown;
  /** A pair of an ordered mapping (`!!omap`, `!!pairs`). */
  pair(key: unknown, value: unknown): unknown;
}

/** A point in time as YAML writes it. */
export interface YamlDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Minutes east of UTC; undefined without a zone. */
  readonly offsetMinutes: number | undefined;
}

/** What a plain scalar is. */
export type ScalarType =
  | "bool"
  | "float"
  | "int"
  | "merge"
  | "null"
  | "str"
  | "timestamp"
  | "value"
  | "binary";

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
const MAYBE_TYPED = /^[-+.0-9yYnNtTfFoO~<=]|^$/;

/** The type that PyYAML gives a plain scalar without a tag. */
export function resolvePlain(text: string): ScalarType {
  if (!MAYBE_TYPED.test(text)) return "str";
  if (BOOL.test(text)) return "bool";
  if (FLOAT.test(text)) return "float";
  if (INT.test(text)) return "int";
  if (NULL.test(text)) return "null";
  if (TIMESTAMP.test(text)) return "timestamp";
  if (text === "<<") return "merge";
  return text === "=" ? "value" : "str";
}

/** The value of a scalar of a given type. @throws Error with one sentence when the text does not fit the type. */
export function constructScalar(type: ScalarType, text: string, values: YamlValues): unknown {
  switch (type) {
    case "str":
      return text;
    case "null":
      return null;
    case "bool":
      return constructBool(text);
    case "int":
      return constructInt(text);
    case "float":
      return values.float(constructFloat(text));
    case "timestamp":
      return constructTimestamp(text, values);
    case "binary":
      return values.bytes(constructBinary(text));
    case "merge":
    case "value":
      throw new Error(`"${text}" is a special key of YAML and cannot be a value; put it in quotes`);
    default:
      return type satisfies never;
  }
}

function constructBool(text: string): boolean {
  if (/^(?:yes|true|on)$/i.test(text)) return true;
  if (/^(?:no|false|off)$/i.test(text)) return false;
  throw new Error(`"${text}" is not a boolean`);
}

/** An integer: a number when it is safe, else a bigint. */
function constructInt(text: string): number | bigint {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  const digits = text.replaceAll("_", "");
  const isNegative = digits.startsWith("-");
  const absolute = parseAbsolute(digits.replace(/^[-+]/, ""), text);
  const value = isNegative ? -absolute : absolute;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small + 0 : value;
}

function parseAbsolute(digits: string, text: string): bigint {
  if (/^0b[01]+$/.test(digits)) return BigInt(digits);
  if (/^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0o?[0-7]+$/i.test(digits)) return BigInt(`0o${digits.replace(/^0o/i, "")}`);
  if (digits === "0") return 0n;
  if (/^\d+(?::\d+)+$/.test(digits)) {
    return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  if (/^[1-9]\d*$/.test(digits)) return BigInt(digits);
  throw new Error(`"${text}" is not an integer`);
}

function constructFloat(text: string): number {
  if (/^\d+\.\d+$/.test(text)) return Number(text);
  const digits = text.replaceAll("_", "").toLowerCase();
  const sign = digits.startsWith("-") ? -1 : 1;
  const absolute = digits.replace(/^[-+]/, "");
  if (absolute === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (absolute === ".nan") return Number.NaN;
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(absolute)) return sign * Number(absolute);
  if (/^\d+(?::\d+)*:\d+\.?\d*$/.test(absolute)) return sign * sexagesimal(absolute);
  throw new Error(`"${text}" is not a number`);
}

// Summed from the last digit on, as PyYAML does: another order rounds differently.
function sexagesimal(text: string): number {
  let sum = 0;
  let base = 1;
  for (const digit of text.split(":").toReversed()) {
    sum += Number(digit) * base;
    base *= 60;
  }
  return sum;
}

const TIMESTAMP_PARTS =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?)?$/;

function constructTimestamp(text: string, values: YamlValues): unknown {
  const match = TIMESTAMP_PARTS.exec(text);
  if (!match) throw new Error(`"${text}" is not a date`);
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (!isDate(year, month, day)) throw new Error(`there is no date ${text}`);
  if (match[4] === undefined) return values.date(year, month, day);
  const [hour = 0, minute = 0, second = 0] = match.slice(4, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 59) throw new Error(`there is no time ${text}`);
  const microsecond = Number((match[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const offsetMinutes = zoneMinutes(match);
  if (offsetMinutes !== undefined && Math.abs(offsetMinutes) >= 1440) {
    throw new Error(`there is no time zone like that of ${text}`);
  }
  return values.dateTime({ year, month, day, hour, minute, second, microsecond, offsetMinutes });
}

function isDate(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

function zoneMinutes(match: RegExpExecArray): number | undefined {
  if (match[8] === undefined) return undefined;
  if (match[8] === "Z") return 0;
  const minutes = Number(match[10]) * 60 + Number(match[11] ?? 0);
  return match[9] === "-" ? -minutes : minutes;
}

/** As Python's `base64.decodebytes`: what is no digit is left out, and padding that is complete ends the text. */
function constructBinary(text: string): Uint8Array {
  let digits = "";
  let padding = 0;
  for (const character of text) {
    const inGroup = digits.length % 4;
    if (character > "\x7f") break;
    if (character === "=" && inGroup >= 2 && inGroup + ++padding >= 4) {
      return Uint8Array.from(Buffer.from(digits, "base64"));
    }
    if (!/[A-Za-z0-9+/]/.test(character)) continue;
    digits += character;
    padding = 0;
  }
  if (digits.length % 4 !== 0 || /[^\0-\x7f]/.test(text))
    throw new Error("the text of !!binary is not base64");
  return Uint8Array.from(Buffer.from(digits, "base64"));
}
