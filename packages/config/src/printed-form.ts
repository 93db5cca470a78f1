/**
 * What Python prints for a list, which is what an option for texts gets from a deployment that gives it one: quoted
 * texts, `True`, `None`.
 */
export function printedList(list: readonly unknown[]): string {
  return `[${list.map(printed).join(", ")}]`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return printedList(value);
  if (typeof value === "string") return printedText(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return "None";
  const members = Object.entries(value).map(([name, member]) => `${printedText(name)}: ${printed(member)}`);
  return `{${members.join(", ")}}`;
}

const SHORT: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function printedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\'"]|(?! )[\p{C}\p{Z}]/gu, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    return SHORT[char] ?? escaped(char.codePointAt(0) ?? 0);
  });
  return `${quote}${body}${quote}`;
}

function escaped(code: number): string {
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
