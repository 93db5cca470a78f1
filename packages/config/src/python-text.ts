/*
 * The files' dialect is that of Python, whose idea of a blank differs from JavaScript's: it includes the
 * information separators and NEL, and excludes the byte order mark.
 */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING = new RegExp(`^${BLANK}+`);
const ONE_BLANK = new RegExp(BLANK);

/** Removes blanks at both ends, as Python's `str.strip()` does. */
export function strip(text: string): string {
  return stripEnd(text.replace(LEADING, ""));
}

/** Removes blanks at the end. A loop, because `/\s+$/` takes quadratic time on long runs of blanks. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ONE_BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** How many characters of indentation a line has; a tab counts as one. */
export function indentOf(line: string): number {
  return LEADING.exec(line)?.[0].length ?? 0;
}

/** Lines without their ends: `\n`, `\r\n` and a lone `\r` all end a line. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
