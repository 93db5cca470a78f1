import { TemplateRuntimeError, valueError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { PyBytes } from "../values/bytes.ts";
import { PyFloat } from "../values/float.ts";
import { asInteger, toInteger } from "../values/integers.ts";
import { asString } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import type { Value } from "../values/value.ts";
import { unsupported } from "./arguments.ts";

const POSITIONAL = { positionalOnly: 9 };

function binaryDigits(value: Value): string {
  const integer = asInteger(value) ?? 0;
  return (integer < 0 ? -integer : integer).toString(2);
}

/** The methods of `int` and `bool`. */
export const integerMethods: ReadonlyMap<string, FilterFunction> = new Map([
  [
    "bit_length",
    builtin(
      "bit_length",
      ["self"],
      (_runtime, value) => {
        const digits = binaryDigits(value);
        return digits === "0" ? 0 : digits.length;
      },
      POSITIONAL,
    ),
  ],
  [
    "bit_count",
    builtin(
      "bit_count",
      ["self"],
      (_runtime, value) => binaryDigits(value).replaceAll("0", "").length,
      POSITIONAL,
    ),
  ],
  ["conjugate", builtin("conjugate", ["self"], (_runtime, value) => asInteger(value) ?? 0, POSITIONAL)],
  ["to_bytes", unsupported("int", "to_bytes")],
  ["from_bytes", unsupported("int", "from_bytes")],
  [
    "as_integer_ratio",
    builtin(
      "as_integer_ratio",
      ["self"],
      (_runtime, value) => new PyTuple([asInteger(value) ?? 0, 1]),
      POSITIONAL,
    ),
  ],
]);

/** The fraction in lowest terms that a float is, exactly. */
function integerRatio(value: number): PyTuple {
  if (Number.isNaN(value)) throw valueError("cannot convert NaN to integer ratio");
  if (!Number.isFinite(value))
    throw new TemplateRuntimeError("OverflowError", "cannot convert Infinity to integer ratio");
  let [numerator, shift] = [value, 0n];
  for (; !Number.isInteger(numerator); shift++) numerator *= 2;
  return new PyTuple([toInteger(BigInt(numerator)), toInteger(1n << shift)]);
}

/** The methods of `float`. */
export const floatMethods: ReadonlyMap<string, FilterFunction> = new Map([
  [
    "is_integer",
    builtin(
      "is_integer",
      ["self"],
      (_runtime, value) => value instanceof PyFloat && Number.isInteger(value.value),
      POSITIONAL,
    ),
  ],
  ["conjugate", builtin("conjugate", ["self"], (_runtime, value) => value, POSITIONAL)],
  ["hex", unsupported("float", "hex")],
  ["fromhex", unsupported("float", "fromhex")],
  [
    "as_integer_ratio",
    builtin(
      "as_integer_ratio",
      ["self"],
      (_runtime, value) => integerRatio(value instanceof PyFloat ? value.value : 0),
      POSITIONAL,
    ),
  ],
]);

/** The methods of `bytes`. */
export const bytesMethods: ReadonlyMap<string, FilterFunction> = new Map([
  [
    "decode",
    builtin("decode", ["self", "encoding?", "errors?"], (_runtime, value, encoding = "utf-8") => {
      const name = asString(encoding)?.toLowerCase().replaceAll("_", "-");
      if (name !== "utf-8" && name !== "utf8" && name !== "ascii")
        throw valueError("only UTF-8 can be decoded in templates");
      const data = value instanceof PyBytes ? value.data : new Uint8Array();
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
      } catch (cause) {
        throw valueError(`'utf-8' codec can't decode the bytes: ${String(cause)}`);
      }
    }),
  ],
  [
    "hex",
    builtin(
      "hex",
      ["self"],
      (_runtime, value) => {
        const data = value instanceof PyBytes ? value.data : new Uint8Array();
        return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
      },
      POSITIONAL,
    ),
  ],
]);
