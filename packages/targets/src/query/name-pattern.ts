import { readBracket } from "../bracket.ts";
import { numberRangePattern } from "../number-range-pattern.ts";
import type { TextCursor } from "../text-cursor.ts";

/** Reads a name with `*` (any run of characters), `?` (one character) and ranges, from the cursor on. */
export function readNamePattern(cursor: TextCursor): RegExp {
  return new RegExp(`^(?:${readPatternSource(cursor)})$`, "u");
}

/** The source of that expression, without anchors. */
export function readPatternSource(cursor: TextCursor): string {
  let source = "";
  for (;;) {
    const text = cursor.match(/[\p{L}0-9._-]+/uy);
    const wild = cursor.match(/\*+|\?/y);
    if (wild !== "") source += escape(text) + (wild === "?" ? "." : ".*");
    else if (cursor.peek() === "[") source += escape(text) + bracketSource(cursor);
    else if (text === "") return source;
    else source += escape(text);
  }
}

function bracketSource(cursor: TextCursor): string {
  const choices = readBracket(cursor).map(({ digits, low, high }) =>
    numberRangePattern(String(low).padStart(digits, "0"), String(high).padStart(digits, "0")),
  );
  return choices.length === 1 ? choices.join("") : `(?:${choices.join("|")})`;
}

function escape(text: string): string {
  return text.replaceAll(".", String.raw`\.`);
}
