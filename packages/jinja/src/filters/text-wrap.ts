import { valueError } from "../errors.ts";
import { lazyPattern } from "../lazy-pattern.ts";
import { requireInteger } from "../methods/arguments.ts";
import { PyFloat } from "../values/float.ts";
import { asInteger } from "../values/integers.ts";
import { inOrder } from "../values/ordering.ts";
import { textOf } from "../values/repr.ts";
import { codePoints, textLength } from "../values/text.ts";
import type { Value } from "../values/value.ts";

/** Settings of {@link wrapText}. */
export interface WrapOptions {
  /** Longest line, in code points; as in Python a float will do unless a word must be broken. */
  readonly width: Value;
  readonly breaksLongWords: boolean;
  readonly breaksOnHyphens: boolean;
}

// The pattern of Python's textwrap module: white space, words that end in a hyphen, dashes, other words.
const SPACE = "[\\t\\n\\v\\f\\r ]";
const WORD_PUNCTUATION = "[\\p{L}\\p{N}_!\"'&.,?]";
const LETTER = "[\\p{L}_]";
const NOT_SPACE = "[^\\t\\n\\v\\f\\r ]";
const WITH_HYPHENS = lazyPattern(
  () =>
    new RegExp(
      `(${SPACE}+|(?<=${WORD_PUNCTUATION})-{2,}(?=[\\p{L}\\p{N}_])|${NOT_SPACE}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${WORD_PUNCTUATION})(?=-{2,}[\\p{L}\\p{N}_])))`,
      "u",
    ),
);
const SPACES_ONLY = new RegExp(`(${SPACE}+)`);
const BLANK = /^[\s\x1c-\x1f\x85]*$/;

/** Python's `textwrap.wrap(line, width, expand_tabs=False, replace_whitespace=False)`. */
export function wrapText(
  text: string,
  { breaksLongWords, breaksOnHyphens, ...options }: WrapOptions,
): string[] {
  if (inOrder(options.width, "<=", 0))
    throw valueError(`invalid width ${textOf(options.width)} (must be > 0)`);
  const width = options.width instanceof PyFloat ? options.width.value : Number(asInteger(options.width));
  const chunks = text.split(breaksOnHyphens ? WITH_HYPHENS() : SPACES_ONLY).filter((chunk) => chunk !== "");
  const pending = chunks.toReversed();
  const lines: string[] = [];
  while (pending.length > 0) {
    if (lines.length > 0 && isBlank(pending[pending.length - 1])) pending.pop();
    const line = fillLine(pending, width);
    if (textLength(pending[pending.length - 1] ?? "") > width) {
      if (breaksLongWords) requireInteger(options.width);
      breakWord(line, pending, width, { breaksLongWords, breaksOnHyphens });
    }
    if (isBlank(line[line.length - 1])) line.pop();
    if (line.length > 0) lines.push(line.join(""));
  }
  return lines;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && BLANK.test(chunk);
}

function fillLine(pending: string[], width: number): string[] {
  const line: string[] = [];
  let length = 0;
  for (let chunk = pending.pop(); chunk !== undefined; chunk = pending.pop()) {
    const chunkLength = textLength(chunk);
    if (length + chunkLength > width) {
      pending.push(chunk);
      break;
    }
    line.push(chunk);
    length += chunkLength;
  }
  return line;
}

/** Puts what fits of a word that is longer than a line into this one. */
function breakWord(
  line: string[],
  pending: string[],
  width: number,
  { breaksLongWords, breaksOnHyphens }: Omit<WrapOptions, "width">,
): void {
  const word = pending.pop() ?? "";
  const used = line.reduce((sum, chunk) => sum + textLength(chunk), 0);
  if (breaksLongWords) {
    const characters = codePoints(word);
    const end = breakPosition(characters, width < 1 ? 1 : width - used, breaksOnHyphens);
    line.push(characters.slice(0, end).join(""));
    pending.push(characters.slice(end).join(""));
  } else if (line.length === 0) line.push(word);
  else pending.push(word);
}

function breakPosition(characters: readonly string[], space: number, breaksOnHyphens: boolean): number {
  if (!breaksOnHyphens || space === 0) return space;
  const hyphen = characters.lastIndexOf("-", space - 1);
  const hasTextBefore = hyphen > 0 && characters.slice(0, hyphen).some((character) => character !== "-");
  return hasTextBefore ? hyphen + 1 : space;
}
