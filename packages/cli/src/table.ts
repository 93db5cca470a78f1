/** Lines of left-aligned columns, two blanks apart, no blanks at the end of a line. */
export function renderTable(rows: readonly (readonly string[])[], indent = ""): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => `${indent}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
