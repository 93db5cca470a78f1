import { TemplateRuntimeError } from "../errors.ts";
import { PyBytes } from "../values/bytes.ts";
import { codePoints } from "../values/text.ts";

/** What stands in for a character that an encoding does not have, by the name of the error handler. */
const REPLACEMENTS: Readonly<Record<string, (code: number) => string>> = {
  ignore: () => "",
  replace: () => "?",
  xmlcharrefreplace: (code) => `&#${code};`,
  backslashreplace: (code) => {
    const hex = code.toString(16);
    if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  },
};

/**
 * Python's `text.encode(encoding, errors)`.
 *
 * @throws TemplateRuntimeError `LookupError` for an unknown encoding or handler, `UnicodeEncodeError` for a character
 *   that the encoding does not have.
 */
export function encodeText(text: string, encoding: string, errors: string): PyBytes {
  const name = encoding.toLowerCase().replaceAll("_", "-");
  if (name === "utf-8" || name === "utf8") return new PyBytes(new TextEncoder().encode(text));
  const limit = name === "ascii" ? 0x80 : name === "latin-1" || name === "iso-8859-1" ? 0x100 : 0;
  if (limit === 0) throw new TemplateRuntimeError("LookupError", `unknown encoding: ${encoding}`);
  const codes = codePoints(text).map((character) => character.codePointAt(0) ?? 0);
  const replace = (code: number): string => replacementOf(code, name, errors);
  const bytes = codes.flatMap((code) => (code < limit ? code : [...new TextEncoder().encode(replace(code))]));
  return new PyBytes(Uint8Array.from(bytes));
}

function replacementOf(code: number, encoding: string, errors: string): string {
  if (errors === "strict") {
    throw new TemplateRuntimeError("UnicodeEncodeError", `'${encoding}' codec can't encode characters`);
  }
  const replace = Object.hasOwn(REPLACEMENTS, errors) ? REPLACEMENTS[errors] : undefined;
  if (replace !== undefined) return replace(code);
  throw new TemplateRuntimeError("LookupError", `unknown error handler name '${errors}'`);
}
