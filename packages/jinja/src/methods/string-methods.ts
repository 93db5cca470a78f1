import { TemplateRuntimeError, typeError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { PyBytes } from "../values/bytes.ts";
import { PyDict } from "../values/dict.ts";
import { formatBraces } from "../values/str-format.ts";
import { asString, codePoints } from "../values/text.ts";
import { requireString } from "./arguments.ts";
import { stringSearching } from "./string-searching.ts";
import { textOfSelf, type NamedMethod } from "./string-self.ts";
import { stringShaping } from "./string-shaping.ts";
import { stringSplitting } from "./string-splitting.ts";
import { stringTranslation } from "./string-translation.ts";
import { stringTests } from "./string-tests.ts";

const others: readonly NamedMethod[] = [
  [
    "encode",
    builtin(
      "encode",
      ["self", "encoding?", "errors?"],
      (_runtime, value, encoding = "utf-8") => encode(textOfSelf(value), requireString(encoding)),
      { positionalOnly: 1 },
    ),
  ],
  [
    "format",
    (runtime, [value = "", ...args], kwargs) =>
      formatBraces(textOfSelf(value), { args, kwargs, runtime, escape: false }),
  ],
  [
    "format_map",
    (runtime, [value = "", mapping = null]) => {
      if (!(mapping instanceof PyDict)) throw typeError("format_map() wants a mapping");
      const kwargs = new Map([...mapping.entries()].map(([key, item]) => [asString(key) ?? "", item]));
      return formatBraces(textOfSelf(value), { args: [], kwargs, runtime, escape: false });
    },
  ],
];

/** The methods of `str`. */
export const stringMethods: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ...stringShaping,
  ...stringTests,
  ...stringSearching,
  ...stringSplitting,
  ...stringTranslation,
  ...others,
]);

function encode(text: string, encoding: string): PyBytes {
  const name = encoding.toLowerCase().replaceAll("_", "-");
  if (name === "utf-8" || name === "utf8") return new PyBytes(new TextEncoder().encode(text));
  const limit = name === "ascii" ? 0x80 : name === "latin-1" || name === "iso-8859-1" ? 0x100 : 0;
  if (limit === 0) throw new TemplateRuntimeError("LookupError", `unknown encoding: ${encoding}`);
  const codes = codePoints(text).map((character) => character.codePointAt(0) ?? 0);
  if (codes.some((code) => code >= limit)) {
    throw new TemplateRuntimeError("UnicodeEncodeError", `'${name}' codec can't encode characters`);
  }
  return new PyBytes(Uint8Array.from(codes));
}
