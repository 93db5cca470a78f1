const CODES: Readonly<Record<number, string>> = { 50: "41;37", 40: "31", 30: "33", 20: "32", 10: "36" };
const RESET = "\u001b[0m";

/** Whether to colour what goes to a stream: `FORCE_COLOR` (any value) on, else `NO_COLOR` off, else by terminal. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env["FORCE_COLOR"] !== undefined) return true;
  if (env["NO_COLOR"]) return false;
  return stream.isTTY === true;
}

/** Wraps an entry, all its lines at once, in the colour of its level. `codes` overrides single levels. */
export function colourByLevel(
  text: string,
  levelno: number,
  codes: Readonly<Record<number, string>> = {},
): string {
  return `\u001b[${codes[levelno] ?? CODES[levelno] ?? "0"}m${text}${RESET}`;
}

/** Colours the lines of a unified diff: removed bright red, added green, `@@` bold magenta. */
export function colourDiff(diff: string): string {
  return diff.split("\n").map(colourDiffLine).join("\n");
}

function colourDiffLine(line: string): string {
  if (line.startsWith("-")) return `\u001b[91m${line}${RESET}`;
  if (line.startsWith("+")) return `\u001b[32m${line}${RESET}`;
  if (line.startsWith("@@")) return `\u001b[01m\u001b[35m${line}${RESET}`;
  return line;
}
