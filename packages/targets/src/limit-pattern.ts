import { TargetsError } from "./errors.ts";
import { growingRangePattern, numberRangePattern } from "./number-range-pattern.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Characters that have a meaning in Python Scap's patterns, and stand for themselves here. */
const ONCE_SPECIAL = /[+?|(){}^$\\]/g;

/** A pattern ready for testing. */
export interface CompiledPattern {
  readonly expression: RegExp;
  /** Characters that stand for themselves although they look like a regular expression. */
  readonly literals: string;
}

/**
 * Compiles the pattern of a whole host name: `*` is any run of characters, `[a:b]` a range, `[12]` and `[^1]` a
 * class, all else stands for itself.
 *
 * @throws {TargetsError} `LIMIT_INVALID`
 */
export function compilePattern(pattern: string): CompiledPattern {
  const sources: string[] = [];
  let outside = "";
  for (const piece of pieces(pattern)) {
    if (piece.startsWith("[")) sources.push(bracketSource(piece, pattern));
    else if (piece.startsWith("*")) sources.push(String.raw`[\p{L}\p{N}_.\-]*`);
    else {
      outside += piece;
      sources.push(piece.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
    }
  }
  const literals = [...new Set(outside.match(ONCE_SPECIAL))].join("");
  try {
    return { expression: new RegExp(`^(?:${sources.join("")})$`, "u"), literals };
  } catch (cause) {
    throw invalid(`The pattern ${JSON.stringify(pattern)} has an invalid character class`, cause);
  }
}

/** Where the bracket that opens at `start` closes; a `]` right behind the opening belongs to the class. */
export function closingBracket(pattern: string, start: number): number {
  const first = pattern[start + 1] === "^" ? start + 2 : start + 1;
  return pattern.indexOf("]", first + 1);
}

function* pieces(pattern: string): Generator<string, void, undefined> {
  let at = 0;
  while (at < pattern.length) {
    let end = at + 1;
    if (pattern[at] === "[") {
      end = closingBracket(pattern, at) + 1;
      if (end === 0) throw invalid(`The pattern ${JSON.stringify(pattern)} has a bracket that is not closed`);
    } else if (pattern[at] === "*") {
      while (pattern[end] === "*") end += 1;
    } else {
      while (end < pattern.length && pattern[end] !== "[" && pattern[end] !== "*") end += 1;
    }
    yield pattern.slice(at, end);
    at = end;
  }
}

function bracketSource(bracket: string, pattern: string): string {
  const inner = bracket.slice(1, -1);
  return inner.includes(":") ? rangeSource(inner, pattern) : classSource(inner);
}

function rangeSource(range: string, pattern: string): string {
  const [start = "", end = "", ...more] = range.split(":");
  const refuse = (reason: string): TargetsError =>
    invalid(`The range [${range}] in the pattern ${JSON.stringify(pattern)} is incorrect: ${reason}`);
  if (more.length > 0) throw refuse("it needs one colon");
  if (/^[a-zA-Z]$/.test(start) && /^[a-zA-Z]$/.test(end)) {
    const [from, to] = [LETTERS.indexOf(start), LETTERS.indexOf(end)];
    if (from > to) throw refuse(`${start} comes after ${end}`);
    return `[${LETTERS.slice(from, to + 1)}]`;
  }
  if (!/^[0-9]+$/.test(start) || !/^[0-9]+$/.test(end))
    throw refuse("both ends are numbers, or single letters");
  const isPadded = start.startsWith("0");
  if (isPadded ? start.length !== end.length : end.startsWith("0") && end !== "0") {
    throw refuse("with leading zeros both ends have the same length");
  }
  if (BigInt(start) > BigInt(end)) throw refuse(`${start} is greater than ${end}`);
  return isPadded ? numberRangePattern(start, end) : growingRangePattern(start, end);
}

function classSource(inner: string): string {
  const isNegated = inner.startsWith("^");
  const members = (isNegated ? inner.slice(1) : inner).replace(
    /\\([dwsDWS])|\\(.)|[\\[\]^&/]/gsu,
    (found, set, escaped) => {
      if (set !== undefined) return `\\${String(set)}`;
      const character = escaped === undefined ? found : String(escaped);
      return /[\p{L}0-9]/u.test(character) ? character : `\\${character}`;
    },
  );
  return `[${isNegated ? "^" : ""}${members}]`;
}

function invalid(message: string, cause?: unknown): TargetsError {
  return new TargetsError(message, {
    code: "LIMIT_INVALID",
    cause,
    hint: "Patterns are made of names, *, [1:10], [a:c] and [12]; ~ starts a regular expression.",
  });
}
