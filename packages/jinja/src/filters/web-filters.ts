import { filterArgumentError, TemplateRuntimeError, typeError, valueError } from "../errors.ts";
import { requireInteger } from "../methods/arguments.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { PyBytes } from "../values/bytes.ts";
import { PyDict } from "../values/dict.ts";
import { listOf, tryCursor } from "../values/iteration.ts";
import { escapeValue, Markup } from "../values/markup.ts";
import { reprOf, textOf } from "../values/repr.ts";
import { splitSpaces } from "../values/splitting.ts";
import { inOrder } from "../values/ordering.ts";
import { asString, sliceText, textLength } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import { unpackPair } from "../values/unpacking.ts";
import { linkUrls } from "./urlize.ts";

const urlencode = builtin("urlencode", ["value"], (runtime, value) => {
  if (asString(value) !== undefined || tryCursor(value) === undefined) return quote(value, "/");
  const pairs = value instanceof PyDict ? [...value.entries()] : listOf(value, runtime).map(unpackPair);
  return pairs.map((pair) => pair.map((part) => quote(part, "").replaceAll("%20", "+")).join("=")).join("&");
});

/** Python's `urllib.parse.quote`. */
function quote(value: Value, safe: string): string {
  const bytes = value instanceof PyBytes ? value.data : new TextEncoder().encode(textOf(value));
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    const isSafe = /[A-Za-z0-9_.~-]/.test(character) || safe.includes(character);
    return isSafe ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

const xmlattr = builtin("xmlattr", ["d", "autospace?"], (runtime, value, autospace = true) => {
  if (value instanceof PyUndefined) value.fail();
  if (!(value instanceof PyDict)) {
    throw new TemplateRuntimeError(
      "AttributeError",
      `'${typeNameOf(value)}' object has no attribute 'items'`,
    );
  }
  const attributes: string[] = [];
  for (const [key, item] of value.entries()) {
    if (item === null || item instanceof PyUndefined) continue;
    const name = asString(key);
    if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeNameOf(key)}'`);
    if (/[ \t\n\r\f\v/>=]/.test(name))
      throw valueError(`Invalid character in attribute name: ${reprOf(key)}`);
    attributes.push(`${escapeValue(key).html}="${escapeValue(item).html}"`);
  }
  const text = (isTrue(autospace) && attributes.length > 0 ? " " : "") + attributes.join(" ");
  return runtime.autoescape ? new Markup(text) : text;
});

const urlize = builtin(
  "urlize",
  ["value", "trim_url_limit?", "nofollow?", "target?", "rel?", "extra_schemes?"],
  (runtime, value, limit = null, nofollow = false, target = null, rel = null, schemes = null) => {
    const parts = new Set(isTrue(rel) ? splitSpaces(relText(rel), -1) : []);
    if (isTrue(nofollow)) parts.add("nofollow");
    parts.add("noopener");
    const schemeTexts = extraSchemes(schemes, runtime);
    const html = escapeValue(value).html;
    runtime.budget.spend(html.length >>> 3);
    const linked = linkUrls(html, {
      shorten: (text) => (limit === null ? text : shortened(text, limit)),
      rel: escapeValue([...parts].toSorted().join(" ")).html,
      target: target === null || !isTrue(target) ? undefined : escapeValue(target).html,
      schemes: schemeTexts,
    });
    return runtime.autoescape ? new Markup(linked) : linked;
  },
);

function relText(rel: Value): string {
  const text = asString(rel);
  if (text !== undefined) return text;
  throw new TemplateRuntimeError("AttributeError", `'${typeNameOf(rel)}' object has no attribute 'split'`);
}

// A limit that makes no sense only matters where there is a link.
function shortened(text: string, limit: Value): string {
  return inOrder(textLength(text), ">", limit) ? `${sliceText(text, 0, requireInteger(limit))}...` : text;
}

function extraSchemes(schemes: Value, runtime: Runtime): string[] {
  if (schemes === null) return [];
  return listOf(schemes, runtime).map((scheme) => {
    const text = asString(scheme);
    if (text === undefined)
      throw typeError(`expected string or bytes-like object, got '${typeNameOf(scheme)}'`);
    if (!/^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u.test(text)) {
      throw filterArgumentError(`${reprOf(scheme)} is not a valid URI scheme prefix.`);
    }
    return text;
  });
}

/** Filters for web pages. */
export const webFilters: readonly (readonly [string, FilterFunction])[] = [
  ["urlencode", urlencode],
  ["xmlattr", xmlattr],
  ["urlize", urlize],
];
