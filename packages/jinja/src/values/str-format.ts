import { TemplateRuntimeError, valueError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { formatValue } from "./format-spec.ts";
import { escapeValue, Markup } from "./markup.ts";
import { asciiOf, reprOf, textOf } from "./repr.ts";
import { textLength } from "./text.ts";
import type { Kwargs, Value } from "./value.ts";

interface FormatArguments {
  readonly args: readonly Value[];
  readonly kwargs: Kwargs;
  readonly runtime: Runtime;
  /** Escapes what is put in, for `Markup.format`. */
  readonly escape: boolean;
  /** What names are looked up in instead of the arguments, for `format_map`. */
  readonly mapping?: Value;
}

/** Python's `text.format(*args, **kwargs)`. */
export function formatBraces(text: string, options: FormatArguments): string {
  const formatter = new BraceFormatter(options);
  return formatter.format(text, 2);
}

/** The largest `ssize_t`. */
const MAX_INDEX = 2 ** 63;

class BraceFormatter {
  readonly #options: FormatArguments;
  #automatic = 0;
  #numbering: "automatic" | "manual" | undefined;

  constructor(options: FormatArguments) {
    this.#options = options;
  }

  format(text: string, depth: number): string {
    // `Markup` formats with a class of Python's own that goes one step deeper than `str`.
    if (depth < (this.#options.escape ? 0 : 1)) throw valueError("Max string recursion exceeded");
    let result = "";
    for (let index = 0; index < text.length;) {
      const character = text.charAt(index);
      if (character !== "{" && character !== "}") {
        const next = text.slice(index).search(/[{}]/);
        const end = next < 0 ? text.length : index + next;
        result += text.slice(index, end);
        index = end;
      } else if (text.charAt(index + 1) === character) {
        result += character;
        index += 2;
      } else {
        if (character === "}") throw valueError("Single '}' encountered in format string");
        const end = fieldEnd(text, index);
        result += this.#field(text.slice(index + 1, end), depth);
        index = end + 1;
      }
    }
    return result;
  }

  #field(field: string, depth: number): string {
    const match = /^(?<path>(?:[^:![]|\[[^\]]*\])*)(?:!(?<conversion>[^:]*))?(?::(?<spec>.*))?$/su.exec(
      field,
    );
    if (match?.groups === undefined) throw valueError("expected ':' after conversion specifier");
    const { path = "", conversion, spec = "" } = match.groups;
    if (conversion === "") throw valueError("end of string while looking for conversion specifier");
    if (conversion !== undefined && textLength(conversion) > 1)
      throw valueError("expected ':' after conversion specifier");
    const value = convert(this.#lookUp(path), conversion);
    const resolvedSpec = spec.includes("{") ? this.format(spec, depth - 1) : spec;
    if (!this.#options.escape) return formatValue(value, resolvedSpec, this.#options.runtime.budget);
    return escapedField(value, resolvedSpec, this.#options.runtime);
  }

  #lookUp(path: string): Value {
    const [, first = "", rest = ""] = /^([^.[]*)(.*)$/su.exec(path) ?? [];
    let value = first === "" && rest !== "" && this.#options.escape ? this.#named("") : this.#argument(first);
    for (const part of pathParts(rest)) value = this.#member(value, part);
    return value;
  }

  #argument(name: string): Value {
    return name === "" || /^\d+$/.test(name) ? this.#positional(name) : this.#named(name);
  }

  #named(name: string): Value {
    const { kwargs, mapping, runtime } = this.#options;
    if (mapping !== undefined) return runtime.requireItem(mapping, name);
    const value = kwargs.get(name);
    if (value === undefined) throw new TemplateRuntimeError("KeyError", reprOf(name));
    return value;
  }

  #positional(name: string): Value {
    if (Number(name) > MAX_INDEX) throw valueError("Too many decimal digits in format string");
    if (this.#options.mapping !== undefined) throw valueError("Format string contains positional fields");
    const numbering = name === "" ? "automatic" : "manual";
    this.#numbering ??= numbering;
    if (this.#numbering !== numbering) {
      throw valueError(
        numbering === "manual"
          ? "cannot switch from automatic field numbering to manual field specification"
          : "cannot switch from manual field specification to automatic field numbering",
      );
    }
    const index = name === "" ? this.#automatic++ : Number(name);
    const value = this.#options.args[index];
    if (value !== undefined) return value;
    throw new TemplateRuntimeError(
      "IndexError",
      `Replacement index ${index} out of range for positional args tuple`,
    );
  }

  #member(value: Value, part: PathPart): Value {
    const { runtime } = this.#options;
    if (part.isAttribute) {
      const found = runtime.attributeOf(value, part.name);
      if (found !== undefined) return found;
      throw new TemplateRuntimeError("AttributeError", `no attribute ${reprOf(part.name)}`);
    }
    const key = /^\d+$/.test(part.name) ? Number(part.name) : part.name;
    return runtime.requireItem(value, key);
  }
}

interface PathPart {
  readonly name: string;
  readonly isAttribute: boolean;
}

// One after the other, as a part that cannot be looked up is told before the next one is read.
function* pathParts(path: string): Generator<PathPart> {
  for (const match of path.matchAll(/\.([^.[]*)|\[([^\]]*)\]?|(.)/gsu)) {
    const [, attribute, key, rest] = match;
    if (rest !== undefined) throw valueError("Only '.' or '[' may follow ']' in format field specifier");
    const name = attribute ?? key ?? "";
    if (name === "") throw valueError("Empty attribute in format string");
    yield { name, isAttribute: attribute !== undefined };
  }
}

function fieldEnd(text: string, start: number): number {
  let depth = 0;
  let inBrackets = false;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "[" && depth === 1) inBrackets = true;
    else if (character === "]") inBrackets = false;
    else if (character === "{" && !inBrackets) depth++;
    else if (character === "}" && !inBrackets && --depth === 0) return index;
  }
  throw valueError(
    start === text.length - 1
      ? "Single '{' encountered in format string"
      : "expected '}' before end of string",
  );
}

function convert(value: Value, conversion: string | undefined): Value {
  switch (conversion) {
    case undefined:
      return value;
    case "r":
      return reprOf(value);
    case "s":
      return textOf(value);
    case "a":
      return asciiOf(value);
    default:
      throw valueError(`Unknown conversion specifier ${conversion}`);
  }
}

function escapedField(value: Value, spec: string, runtime: Runtime): string {
  if (value instanceof Markup && spec !== "") {
    throw valueError(`Format specifier ${spec} given, but Markup does not define __html_format__.`);
  }
  return escapeValue(value instanceof Markup ? value : formatValue(value, spec, runtime.budget)).html;
}
