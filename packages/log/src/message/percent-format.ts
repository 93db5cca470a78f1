import { isPythonInteger } from "../python-float.ts";
import type { RecordArgs } from "../record.ts";
import { type ResolvedConversion, convert } from "./convert.ts";
import { type Conversion, TemplateError, checkedSize, parseTemplate } from "./parse-template.ts";

/**
 * Python's `template % args`, for a list or a mapping of arguments.
 *
 * @throws TemplateError when the template and the arguments do not fit
 */
export function percentFormat(template: string, args: RecordArgs): string {
  const source = new ArgumentSource(args);
  let text = "";
  for (const part of parseTemplate(template)) {
    text += typeof part === "string" ? part : applyConversion(part, source);
  }
  source.end();
  return text;
}

function applyConversion(conversion: Conversion, source: ArgumentSource): string {
  if (conversion.key !== undefined) source.select(conversion.key);
  const width = conversion.width === "*" ? source.size() : conversion.width;
  const precision = conversion.precision === "*" ? Math.max(0, source.size()) : conversion.precision;
  const isLeftAligned = width !== undefined && width < 0;
  const resolved: ResolvedConversion = {
    ...conversion,
    flags: isLeftAligned ? `${conversion.flags}-` : conversion.flags,
    width: width === undefined ? undefined : Math.abs(width),
    precision,
  };
  return convert(resolved, source.next());
}

// A mapping is itself the one argument of a template without keys, and may stay unused; a list must be used up.
class ArgumentSource {
  readonly #mapping: Readonly<Record<string, unknown>> | undefined;
  #queue: readonly unknown[];
  #at = 0;

  constructor(args: RecordArgs) {
    const isList = isArgumentList(args);
    this.#mapping = isList ? undefined : args;
    this.#queue = isList ? args : [args];
  }

  select(key: string): void {
    if (!this.#mapping) throw new TemplateError("format requires a mapping");
    if (!Object.hasOwn(this.#mapping, key)) throw new TemplateError(`no argument named '${key}'`);
    this.#queue = [this.#mapping[key]];
    this.#at = 0;
  }

  next(): unknown {
    if (this.#at >= this.#queue.length) throw new TemplateError("not enough arguments");
    this.#at += 1;
    return this.#queue[this.#at - 1];
  }

  size(): number {
    const value = this.next();
    if (typeof value === "boolean") return Number(value);
    if (typeof value !== "number" || !isPythonInteger(value)) throw new TemplateError("* wants an integer");
    return checkedSize(value);
  }

  end(): void {
    if (!this.#mapping && this.#at < this.#queue.length) throw new TemplateError("too many arguments");
  }
}

/** Tells the two forms of arguments apart. */
export function isArgumentList(args: RecordArgs): args is readonly unknown[] {
  return Array.isArray(args);
}
