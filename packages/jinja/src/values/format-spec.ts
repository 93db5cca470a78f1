import { TemplateRuntimeError, typeError, valueError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { PyFloat } from "./float.ts";
import { formatMagnitude } from "./float-format.ts";
import { asInteger, integerToFloat, type Integer } from "./integers.ts";
import { integerText, reprOf, textOf } from "./repr.ts";
import { asString, sliceText, textLength } from "./text.ts";
import { typeNameOf } from "./type-name.ts";
import { PyDate, PyDateTime } from "./dates.ts";
import { strftime } from "./strftime.ts";
import type { Value } from "./value.ts";

interface FormatSpec {
  readonly fill: string;
  readonly align: string;
  /** Whether the alignment is written, and not that of a leading zero. */
  readonly isAligned: boolean;
  readonly sign: string;
  /** Whether a zero loses its minus sign. */
  readonly coercesZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<zeroSign>z)?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>.)?$/su;

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, spec: string, budget: Budget): string {
  if (spec === "") return textOf(value);
  if (value instanceof PyFloat) return formatNumber(parseSpec(spec, value, budget), value.value);
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") {
    return formatInteger(parseSpec(spec, value, budget), asInteger(value) ?? 0);
  }
  const text = asString(value);
  if (text !== undefined) return formatText(parseSpec(spec, value, budget), text);
  if (value instanceof PyDate || value instanceof PyDateTime) return strftime(value.moment(), spec);
  throw typeError(`unsupported format string passed to ${typeNameOf(value)}.__format__`);
}

function parseSpec(spec: string, value: Value, budget: Budget): FormatSpec {
  const groups = SPEC.exec(spec)?.groups;
  if (groups === undefined) {
    throw valueError(`Invalid format specifier '${spec}' for object of type '${typeNameOf(value)}'`);
  }
  const {
    fill,
    align = "",
    sign = "",
    zeroSign,
    alternate,
    zero,
    width,
    grouping = "",
    precision,
    type = "",
  } = groups;
  const parsed: FormatSpec = {
    fill: fill ?? (zero !== undefined && align === "" ? "0" : (fill ?? (zero === undefined ? " " : "0"))),
    align: align === "" && zero !== undefined ? "=" : align,
    isAligned: align !== "",
    sign,
    coercesZero: zeroSign !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  refuseGrouping(parsed);
  budget.allocate(parsed.width + (parsed.precision ?? 0));
  return parsed;
}

function refuseGrouping({ grouping, type }: FormatSpec): void {
  if (grouping === "" || type === "" || "deEfFgG%".includes(type)) return;
  if (grouping === "_" && "boxX".includes(type)) return;
  throw valueError(`Cannot specify '${grouping}' with '${type}'.`);
}

function formatText(spec: FormatSpec, text: string): string {
  if (spec.type !== "" && spec.type !== "s") throw unknownCode(spec.type, "str");
  if (spec.sign !== "") throw valueError("Sign not allowed in string format specifier");
  refuseZeroCoercion(spec, "string");
  if (spec.alternate) throw valueError("Alternate form (#) not allowed in string format specifier");
  if (spec.grouping !== "") throw valueError(`Cannot specify '${spec.grouping}' with 's'.`);
  // A leading zero fills strings too, on the right.
  const align = spec.align === "=" ? alignForText(spec) : spec.align || "<";
  const cut = spec.precision === undefined ? text : sliceText(text, 0, spec.precision);
  return pad(cut, spec.width, spec.fill, align);
}

function refuseZeroCoercion({ coercesZero }: FormatSpec, kind: "string" | "integer"): void {
  if (coercesZero) throw valueError(`Negative zero coercion (z) not allowed in ${kind} format specifier`);
}

function alignForText(spec: FormatSpec): string {
  if (!spec.isAligned && spec.fill === "0") return "<";
  throw valueError("'=' alignment not allowed in string format specifier");
}

function formatInteger(spec: FormatSpec, value: Integer): string {
  const { type } = spec;
  if (type !== "" && "eEfFgG%".includes(type)) return formatNumber(spec, integerToFloat(value));
  refuseZeroCoercion(spec, "integer");
  if (spec.precision !== undefined) throw valueError("Precision not allowed in integer format specifier");
  if (type === "c") return formatCharacter(spec, value);
  const radix = { "": 10, d: 10, n: 10, b: 2, o: 8, x: 16, X: 16 }[type];
  if (radix === undefined) throw unknownCode(type, "int");
  const magnitude = value < 0 ? -value : value;
  const digits =
    typeof magnitude === "bigint" && radix === 10 ? integerText(magnitude) : magnitude.toString(radix);
  const prefix = spec.alternate && radix !== 10 ? `0${type}` : "";
  const shown = type === "X" ? digits.toUpperCase() : digits;
  return signed(spec, value < 0, prefix, shown, radix === 10 ? 3 : 4);
}

function formatCharacter(spec: FormatSpec, value: Integer): string {
  if (spec.sign !== "") throw valueError("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) throw valueError("Alternate form (#) not allowed with integer format specifier 'c'");
  if (value < 0 || value > 0x10ffff) {
    throw new TemplateRuntimeError("OverflowError", "%c arg not in range(0x110000)");
  }
  return pad(String.fromCodePoint(Number(value)), spec.width, spec.fill, spec.align || ">");
}

function formatNumber(spec: FormatSpec, value: number): string {
  const { type, precision, alternate } = spec;
  if (type !== "" && !"eEfFgGn%".includes(type)) throw unknownCode(type, "float");
  const isNegative = value < 0 || Object.is(value, -0);
  const isPercent = type === "%";
  const style = isPercent ? "f" : type === "" ? "r" : type === "n" ? "g" : type;
  const text = formatMagnitude(isPercent ? value * 100 : value, { type: style, precision, alternate });
  const isMinus = isNegative && !(spec.coercesZero && !/[1-9i]/.test(text));
  return signed(spec, isMinus, "", isPercent ? `${text}%` : text, 3);
}

/** Puts sign, prefix, grouped digits and padding together. */
function signed(
  spec: FormatSpec,
  isNegative: boolean,
  prefix: string,
  digits: string,
  groupSize: number,
): string {
  const sign = isNegative ? "-" : spec.sign === "-" ? "" : spec.sign;
  const head = sign + prefix;
  const [whole, rest] = splitWhole(digits, groupSize);
  const zeroFilled = spec.align === "=" && spec.fill === "0";
  const room = zeroFilled ? spec.width - head.length - rest.length : 0;
  const grouped =
    spec.grouping === "" ? whole.padStart(room, "0") : group(whole, spec.grouping, groupSize, room);
  if (spec.align === "=") {
    const body = grouped + rest;
    return head + spec.fill.repeat(Math.max(0, spec.width - head.length - textLength(body))) + body;
  }
  return pad(head + grouped + rest, spec.width, spec.fill, spec.align || ">");
}

function splitWhole(digits: string, groupSize: number): [string, string] {
  const end = groupSize === 4 ? digits.length : digits.search(/[^0-9]/);
  return end < 0 ? [digits, ""] : [digits.slice(0, end), digits.slice(end)];
}

function group(digits: string, separator: string, size: number, room: number): string {
  // `inf` and `nan` have no digits to group.
  if (digits === "") return digits.padStart(room, "0");
  let padded = digits;
  while (groupedLength(padded.length, size) < room) padded = `0${padded}`;
  const pattern = new RegExp(`(?<=[0-9a-f])(?=(?:[0-9a-f]{${size}})+$)`, "gi");
  return padded.replace(pattern, separator);
}

function groupedLength(length: number, size: number): number {
  return length + Math.floor((length - 1) / size);
}

/** Fills `text` up to `width` code points. */
function pad(text: string, width: number, fill: string, align: string): string {
  const missing = Math.max(0, width - textLength(text));
  if (align === "<") return text + fill.repeat(missing);
  if (align === "^") {
    const left = Math.floor(missing / 2);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
  return fill.repeat(missing) + text;
}

function unknownCode(type: string, typeName: string): TemplateRuntimeError {
  return valueError(`Unknown format code ${reprOf(type)} for object of type '${typeName}'`);
}
