/** Widest excerpt shown of a long text. */
const WIDTH = 72;

/** The text, cut to what stands around the place, with a caret below the place; both indented by two blanks. */
export function pointAt(text: string, at: number): string {
  const start = text.length <= WIDTH ? 0 : Math.max(0, Math.min(at - WIDTH / 2, text.length - WIDTH));
  // A control character would move the caret, or the terminal's cursor.
  const shown = text.slice(start, start + WIDTH).replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, " ");
  return `  ${shown}\n  ${" ".repeat(at - start)}^`;
}
