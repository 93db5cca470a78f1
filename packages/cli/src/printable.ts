// Control characters except tab and line feed, and the marks that reorder text on a terminal.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Shows control characters in visible form, so that a name from elsewhere cannot rewrite the terminal. */
export function printable(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
  });
}
