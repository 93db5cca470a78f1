/** Python's white space as the inside of a character class; JavaScript's `\s` is a slightly different set. */
export const SPACE_CLASS =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const SPACE = new RegExp(`[${SPACE_CLASS}]`);

/** Whether a character is white space in Python. */
export function isSpaceCode(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  return SPACE.test(String.fromCharCode(code));
}

/** Text without the white space at its end. */
export function trimEnd(text: string): string {
  return text.slice(0, endWithoutSpace(text, 0));
}

/** Text without the white space after its last line feed, if there is nothing else. */
export function trimIndent(text: string, lineStart: number): string {
  return endWithoutSpace(text, lineStart) === lineStart ? text.slice(0, lineStart) : text;
}

function endWithoutSpace(text: string, start: number): number {
  let end = text.length;
  while (end > start && isSpaceCode(text.charCodeAt(end - 1))) end--;
  return end;
}
