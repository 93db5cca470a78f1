// Control characters except tab and line feed, and the marks that reorder text on a terminal.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { "\r": "\\r", "\b": "\\b" };

/**
 * Shows control characters in visible form (`\x1b`, `\r`, `\u202e`), so that text from elsewhere cannot rewrite
 * a terminal. Tab and line feed stay. For terminals only: files keep the original.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (char) => SHORT[char] ?? escape(char));
}

function escape(char: string): string {
  const code = char.charCodeAt(0);
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
