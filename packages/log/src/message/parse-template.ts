/** One conversion of a template, for example `%(host)-8s`. */
export interface Conversion {
  /** The mapping key, when there is one. */
  readonly key: string | undefined;
  /** Flag characters as written. */
  readonly flags: string;
  /** Width: a number, `*` for the next argument, or none. */
  readonly width: number | "*" | undefined;
  /** Precision: a number, `*` for the next argument, or none. */
  readonly precision: number | "*" | undefined;
  /** The conversion letter. */
  readonly letter: string;
}

/** A part of a template: literal text, or a conversion. */
export type TemplatePart = string | Conversion;

/** The template and its arguments do not fit. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** No text is padded beyond this many characters: a width comes from a log file and must not exhaust memory. */
const MAX_SIZE = 1_000_000;
const SPEC = /([-0+ #]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]?/y;

/**
 * Splits a template at its `%` conversions.
 *
 * @throws TemplateError for a template that ends inside a conversion
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const percent = template.indexOf("%", at);
    if (percent < 0) break;
    if (percent > at) parts.push(template.slice(at, percent));
    if (template[percent + 1] === "%") {
      parts.push("%");
      at = percent + 2;
    } else {
      const [conversion, end] = parseConversion(template, percent + 1);
      parts.push(conversion);
      at = end;
    }
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

function parseConversion(template: string, start: number): [Conversion, number] {
  const keyEnd = template[start] === "(" ? closingParenthesis(template, start) : undefined;
  SPEC.lastIndex = keyEnd === undefined ? start : keyEnd + 1;
  const match = SPEC.exec(template);
  const end = SPEC.lastIndex;
  const letter = String.fromCodePoint(template.codePointAt(end) ?? 0);
  if (!match || end >= template.length) throw new TemplateError("incomplete format");
  const conversion: Conversion = {
    key: keyEnd === undefined ? undefined : template.slice(start + 1, keyEnd),
    flags: match[1] ?? "",
    width: match[2] ? size(match[2]) : undefined,
    precision: match[3] === undefined ? undefined : size(match[3]),
    letter,
  };
  return [conversion, end + letter.length];
}

function closingParenthesis(template: string, start: number): number {
  let open = 0;
  for (let at = start; at < template.length; at += 1) {
    if (template[at] === "(") open += 1;
    if (template[at] === ")") open -= 1;
    if (open === 0) return at;
  }
  throw new TemplateError("incomplete format key");
}

function size(text: string): number | "*" {
  return text === "*" ? "*" : checkedSize(Number(text));
}

/**
 * A width or precision within bounds.
 *
 * @throws TemplateError beyond a million
 */
export function checkedSize(value: number): number {
  if (Math.abs(value) > MAX_SIZE) throw new TemplateError("width or precision too big");
  return value;
}
