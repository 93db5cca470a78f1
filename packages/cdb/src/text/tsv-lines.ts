import type { CdbEncoder } from "../encoder.ts";
import { CdbError } from "../errors.ts";

const TAB = 0x09;
const BACKSLASH = 0x5c;
const ESCAPED: Readonly<Record<string, number>> = { "\\": BACKSLASH, t: TAB, n: 0x0a, r: 0x0d };

/** Puts the records of tab-separated lines. */
export function tsvLineTaker(
  encoder: CdbEncoder,
  path: string | undefined,
): (line: Buffer, offset: number) => void {
  return (line, offset) => {
    const tab = line.indexOf(TAB);
    if (tab === -1) throw inputError("expected a tab between key and value", path, offset);
    const second = line.indexOf(TAB, tab + 1);
    if (second !== -1) throw inputError("a second tab; write a tab in a value as \\t", path, offset + second);
    const key = unescape(line.subarray(0, tab), path, offset);
    encoder.put(key, unescape(line.subarray(tab + 1), path, offset + tab + 1));
  };
}

function unescape(field: Buffer, path: string | undefined, offset: number): Buffer {
  let from = field.indexOf(BACKSLASH);
  if (from === -1) return field;
  const result = Buffer.from(field.subarray(0, field.length));
  let to = from;
  while (from < field.length) {
    let byte = field[from] as number;
    if (byte === BACKSLASH) {
      const plain = ESCAPED[String.fromCharCode(field[from + 1] ?? 0)];
      if (plain === undefined)
        throw inputError("a backslash must be followed by \\, t, n or r", path, offset + from);
      byte = plain;
      from++;
    }
    result[to++] = byte;
    from++;
  }
  return result.subarray(0, to);
}

function inputError(message: string, path: string | undefined, offset: number): CdbError {
  return new CdbError("CDB_INPUT", message, { path: path ?? "tab-separated text", offset });
}
