/** What is said, and how. */
export interface SpeechBoxOptions {
  readonly lines: readonly string[];
  /** Fill lines with words; otherwise each line stays, and the box fits the longest. */
  readonly isWrapped: boolean;
  /** Columns of the box when wrapped. */
  readonly width: number;
  /** Two characters. */
  readonly eyes: string;
}

/** Columns that the frame takes. */
const FRAME = 5;

/** A box with text, its tail, and the one who speaks. */
export function speechBox({ lines, isWrapped, width, eyes }: SpeechBoxOptions): string {
  const room = Math.max(1, width - FRAME);
  const text = isWrapped ? wrapped(lines, room) : [...lines];
  const inner = Math.max(1, ...text.map((line) => line.length), isWrapped ? room : 0);
  const rows = text.map((line) => `| ${isWrapped ? centred(line, inner) : line.padEnd(inner)} |`);
  return [
    `/${"-".repeat(inner + 2)}\\`,
    ...rows,
    `\\${"-".repeat(inner + 2)}/`,
    "    \\",
    "     \\",
    "      \\",
    "       .--.     __",
    `      ( ${eyes} )===[__]`,
    "       `--'   o    o",
    "",
  ].join("\n");
}

/** Words filled into lines; when they would all fit on one, each has a line of its own. */
function wrapped(lines: readonly string[], room: number): string[] {
  const words = lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== "");
  if (words.join(" ").length <= room) return words;
  const filled: string[] = [];
  for (const word of words.flatMap((long) => pieces(long, room))) {
    const last = filled.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) filled.push(word);
    else filled.splice(-1, 1, `${last} ${word}`);
  }
  return filled;
}

function pieces(word: string, room: number): string[] {
  const count = Math.ceil(word.length / room);
  return Array.from({ length: count }, (_, index) => word.slice(index * room, (index + 1) * room));
}

function centred(line: string, width: number): string {
  const left = Math.floor((width - line.length) / 2);
  return " ".repeat(Math.max(0, left)).concat(line).padEnd(width);
}
