import { TemplateSyntaxError } from "../errors.ts";
import { escapeCodePoint } from "../values/repr.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const ESCAPE = /\\(?:([0-7]{1,3})|([xuU])([0-9a-fA-F]*)|([^]))/gu;

/**
 * Replaces the escapes of a string literal the way Python does. Unknown ones keep their backslash.
 *
 * @param body - the text between the quotes.
 * @throws TemplateSyntaxError for an escape that is cut short.
 */
export function unescapeString(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(
    ESCAPE,
    (whole: string, octal?: string, hexKind?: string, hexDigits = "", other = "") => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hexKind !== undefined) return unescapeHex(hexKind, hexDigits);
      return SIMPLE[other] ?? unknownEscape(whole, other);
    },
  );
}

function unescapeHex(kind: string, digits: string): string {
  const length = HEX_LENGTHS[kind] ?? 0;
  if (digits.length < length)
    throw new TemplateSyntaxError(`truncated \\${kind}${"X".repeat(length)} escape`);
  const codePoint = Number.parseInt(digits.slice(0, length), 16);
  if (codePoint > 0x10ffff) throw new TemplateSyntaxError("illegal Unicode character");
  return String.fromCodePoint(codePoint) + digits.slice(length);
}

function unknownEscape(whole: string, character: string): string {
  if (character === "N")
    throw new TemplateSyntaxError("\\N{…} escapes are not supported; write the character itself");
  const codePoint = character.codePointAt(0) ?? 0;
  // Python turns such characters into escapes first, and the backslash then escapes that one's backslash.
  return codePoint > 0x7f ? escapeCodePoint(codePoint) : whole;
}
