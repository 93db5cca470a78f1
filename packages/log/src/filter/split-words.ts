import { FilterError } from "./filter-error.ts";

/** A word of a filter expression and where it stood. */
export interface FilterWord {
  /** The word without its quotes. */
  readonly text: string;
  /** Where it starts in the expression. */
  readonly at: number;
  /** Its length in the expression, quotes included. */
  readonly length: number;
}

const SPACE = /[ \t\n\r]/;

/**
 * Splits an expression as a POSIX shell splits words: blanks separate, single quotes keep everything, in double
 * quotes a backslash escapes only `"` and `\`, outside it escapes anything. `#` is an ordinary character.
 *
 * @throws FilterError for an unclosed quote or a backslash at the end
 */
export function splitWords(expression: string): FilterWord[] {
  const words: FilterWord[] = [];
  let at = 0;
  while (at < expression.length) {
    if (SPACE.test(expression.charAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(expression, at);
    words.push(word);
    at += word.length;
  }
  return words;
}

function readWord(expression: string, start: number): FilterWord {
  let text = "";
  let at = start;
  while (at < expression.length && !SPACE.test(expression.charAt(at))) {
    const [piece, end] = readPiece(expression, at);
    text += piece;
    at = end;
  }
  return { text, at: start, length: at - start };
}

function readPiece(expression: string, at: number): [piece: string, end: number] {
  const char = expression.charAt(at);
  if (char === "'") return singleQuoted(expression, at);
  if (char === '"') return doubleQuoted(expression, at);
  if (char !== "\\") return [char, at + 1];
  if (at + 1 >= expression.length) throw new FilterError("nothing follows the backslash", { expression, at });
  return [expression.charAt(at + 1), at + 2];
}

function singleQuoted(expression: string, at: number): [string, number] {
  const end = expression.indexOf("'", at + 1);
  if (end < 0) throw unclosed(expression, at);
  return [expression.slice(at + 1, end), end + 1];
}

function doubleQuoted(expression: string, start: number): [string, number] {
  let text = "";
  for (let at = start + 1; at < expression.length; at += 1) {
    const char = expression.charAt(at);
    if (char === '"') return [text, at + 1];
    const next = expression.charAt(at + 1);
    const isEscape = char === "\\" && (next === '"' || next === "\\");
    text += isEscape ? next : char;
    if (isEscape) at += 1;
  }
  throw unclosed(expression, start);
}

function unclosed(expression: string, at: number): FilterError {
  return new FilterError("the quote is not closed", { expression, at, hint: "Add the closing quote." });
}
