import type { TemplateLocation } from "./errors.ts";

const MAX_WIDTH = 160;

/**
 * Describes a place in a template.
 *
 * @param line - the line to report; the caret goes to `offset` if that is in this line, else to its start.
 */
export function locate(templateName: string, source: string, line: number, offset: number): TemplateLocation {
  const start = lineStart(source, line);
  const end = source.indexOf("\n", start);
  const text = source.slice(start, end < 0 ? undefined : end);
  const isInLine = offset >= start && offset <= start + text.length;
  const indent = text.length - text.trimStart().length;
  const column = Array.from(text.slice(0, isInLine ? offset - start : indent)).length + 1;
  return { templateName, line, column, excerpt: excerpt(text, line, column) };
}

function lineStart(source: string, line: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const next = source.indexOf("\n", start);
    if (next < 0) break;
    start = next + 1;
  }
  return start;
}

function excerpt(text: string, line: number, column: number): string {
  const margin = `${line} | `;
  // Of a very long line only the part around the place is shown.
  const characters = Array.from(text.replaceAll("\t", " "));
  const from = column > MAX_WIDTH ? column - MAX_WIDTH / 2 : 0;
  const shown = characters.slice(from, from + MAX_WIDTH).join("");
  return `${margin}${shown}\n${" ".repeat(margin.length + column - 1 - from)}^`;
}
