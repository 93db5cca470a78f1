import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { formatBraces } from "../values/str-format.ts";
import { requireString } from "./arguments.ts";
import { stringSearching } from "./string-searching.ts";
import { textOfSelf, type NamedMethod } from "./string-self.ts";
import { stringShaping } from "./string-shaping.ts";
import { stringSplitting } from "./string-splitting.ts";
import { stringTranslation } from "./string-translation.ts";
import { encodeText } from "./text-encoding.ts";
import { stringTests } from "./string-tests.ts";

const others: readonly NamedMethod[] = [
  [
    "encode",
    builtin(
      "encode",
      ["self", "encoding?", "errors?"],
      (_runtime, value, encoding = "utf-8", errors = "strict") =>
        encodeText(textOfSelf(value), requireString(encoding), requireString(errors)),
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
    builtin(
      "format_map",
      ["self", "mapping"],
      (runtime, value, mapping) =>
        formatBraces(textOfSelf(value), { args: [], kwargs: new Map(), runtime, escape: false, mapping }),
      { positionalOnly: 2 },
    ),
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
