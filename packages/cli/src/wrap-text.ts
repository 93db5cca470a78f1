/** Longest first column of definitions; what is longer stands on a line of its own. */
const MAX_TERM = 30;

/** Lines of at most `width` characters, parted at blanks; a longer word stands alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Paragraphs, parted by empty lines, each wrapped anew; one with an indented line stands as it is. */
export function wrapParagraphs(text: string, width: number): string {
  if (width === Infinity) return text;
  return text
    .split(/\n{2,}/)
    .map((paragraph) => (/^\s/m.test(paragraph) ? paragraph : wrapText(paragraph, width).join("\n")))
    .join("\n\n");
}

/** Terms with what they mean beside them, wrapped under itself. */
export function renderDefinitions(rows: readonly (readonly [string, string])[], width: number): string {
  const longest = Math.max(0, ...rows.map(([term]) => term.length));
  const column = width === Infinity ? longest : Math.min(longest, MAX_TERM);
  const rest = Math.max(20, width - column - 4);
  return rows.map(([term, meaning]) => definition(term, wrapped(meaning, rest), column)).join("");
}

function wrapped(meaning: string, width: number): string[] {
  return width === Infinity ? [meaning] : wrapText(meaning, width);
}

function definition(term: string, meaning: readonly string[], column: number): string {
  const [first = "", ...more] = term.length > column ? ["", ...meaning] : meaning;
  const lines = [`${term.padEnd(column)}  ${first}`, ...more.map((line) => `${" ".repeat(column)}  ${line}`)];
  return lines.map((line) => `  ${line}`.trimEnd() + "\n").join("");
}
