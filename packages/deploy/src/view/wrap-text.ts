/** How {@link wrapText} fits text. */
export interface WrapOptions {
  /** Columns; `undefined` leaves the text on one line. */
  readonly columns: number | undefined;
  /** Blanks before every line but the first. */
  readonly indent: number;
}

/** Breaks text after blanks and commas, so that no word or host name is cut that fits on a line. */
export function wrapText(text: string, { columns, indent }: WrapOptions): string[] {
  if (columns === undefined) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/[^ ,]*[ ,]+|[^ ,]+$/g) ?? []) {
    if (line.trim() !== "" && line.length + word.trimEnd().length > columns) {
      lines.push(line.trimEnd());
      line = " ".repeat(indent);
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/** Text cut to fit on a line, with `…` at its end where it was cut. */
export function cutText(text: string, columns: number | undefined): string {
  return columns === undefined || text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
