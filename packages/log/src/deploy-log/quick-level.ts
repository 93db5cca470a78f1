const KEY = '"levelno"';
const VALUE = /\s*:\s*(\d{1,9})\s*[,}]/y;

/**
 * The level number of a record's line without parsing it, or `undefined` when the line is not plain enough to be
 * sure: the key must occur once, outside of nested objects, with an integer, and no escape may hide another one.
 */
export function quickLevel(line: string): number | undefined {
  const at = line.indexOf(KEY);
  if (at < 0 || line.indexOf(KEY, at + 1) >= 0) return undefined;
  if (!line.startsWith("{") || line.lastIndexOf("{", at) > 0 || line.includes("\\u00")) return undefined;
  VALUE.lastIndex = at + KEY.length;
  const match = VALUE.exec(line);
  return match ? Number(match[1]) : undefined;
}
