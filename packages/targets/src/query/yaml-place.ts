/**
 * Where a key of a mapping in block style stands: `file:3`. A key of a section that is written in braces has the
 * section's line; one that is not found has none.
 */
export function yamlPlace(file: string, text: string, key: string, section = ""): string {
  const lines = text.split(/\r\n|\n|\r/);
  const top = lines.findIndex((line) => keyOf(line) === (section === "" ? key : section));
  const row = section === "" || top === -1 ? top : rowInSection(lines, top, key);
  return row === -1 ? file : `${file}:${row + 1}`;
}

function rowInSection(lines: readonly string[], top: number, key: string): number {
  const end = lines.findIndex((line, row) => row > top && /^[^\s#]/.test(line));
  const inside = lines.slice(top + 1, end === -1 ? lines.length : end);
  const row = inside.findIndex((line) => keyOf(line.trim()) === key);
  return row === -1 ? top : top + 1 + row;
}

/** The key that a line begins with, quoted or not. */
function keyOf(line: string): string | undefined {
  return /^(["']?)([^\s"'#].*?)\1\s*:(?:\s|$)/.exec(line)?.[2];
}
