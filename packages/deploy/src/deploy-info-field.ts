import { coerceText } from "@scap/config";
import { toPlainValue } from "@scap/template";

import type { DeployInfoFieldType } from "./deploy-info.ts";
import { DeployError } from "./errors.ts";

/** Where a value is from. */
export interface FieldPlace {
  readonly key: string;
  /** The whole deploy info. */
  readonly text: string;
  /** Its name, for messages. */
  readonly source: string;
}

/**
 * Turns a value into the type of its field, as Python Scap does it.
 *
 * @throws DeployError `DEPLOY_INFO` naming the key
 */
export function readField(type: DeployInfoFieldType, value: unknown, place: FieldPlace): unknown {
  switch (type) {
    case "value":
      return toPlainValue(value);
    case "text":
      return typeof value === "string" ? value : sourceText(place);
    case "flag":
      return toFlag(toPlainValue(value), place);
    case "number":
      return toInteger(toPlainValue(value), place);
    case "float":
      return toFloat(toPlainValue(value), place);
    case "mask":
      return toMask(toPlainValue(value), place);
    default:
      return type satisfies never;
  }
}

/**
 * An id such as `1234567` or a timestamp without quotes is text all the same. Such a value is a plain scalar on the
 * line of its key, so the line itself has it unchanged.
 */
function sourceText({ key, text, source }: FieldPlace): string {
  const match = new RegExp(`^${key}:[ \\t]+([^\\s#&*!|>'"{\\[][^\\n]*?)[ \\t]*(?: #[^\\n]*)?\\r?$`, "m").exec(
    text,
  );
  if (match?.[1] !== undefined) return match[1];
  throw wrongType({ key, text, source }, "a text");
}

const TRUE_WORDS = new Set(["1", "yes", "true", "on"]);
const FALSE_WORDS = new Set(["0", "no", "false", "off"]);

function toFlag(value: unknown, place: FieldPlace): boolean {
  const word = typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : "";
  if (typeof value === "boolean") return value;
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  throw wrongType(place, "true or false");
}

/** As Python's `int` does it: a fraction is cut off, a truth counts, and a text must be an integer. */
function toInteger(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" ? coerced("int", value) : Math.trunc(Number(value));
  if (!isCompound(value) && Number.isFinite(number)) return number;
  throw wrongType(place, "a number");
}

/** As Python's `float` does it; without end is a time, too. */
function toFloat(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" ? coerced("float", value) : Number(value);
  if (!isCompound(value) && !Number.isNaN(number)) return number;
  throw wrongType(place, "a number");
}

function coerced(type: "int" | "float", text: string): number {
  const result = coerceText(type, text);
  return result.ok ? Number(result.value) : Number.NaN;
}

/** Lists, mappings and the like, which `Number` makes something of. */
function isCompound(value: unknown): boolean {
  return typeof value === "object";
}

function toMask(value: unknown, place: FieldPlace): number {
  const mask = toFloat(value, place);
  if (Number.isInteger(mask) && mask >= 0 && mask <= 0o777) return mask;
  throw wrongType(place, "permission bits");
}

function wrongType({ key, source }: FieldPlace, expected: string): DeployError {
  return new DeployError(`${source}: ${key} must be ${expected}`, { code: "DEPLOY_INFO" });
}
