import { structuredPatch, type StructuredPatchHunk } from "diff";

/** A unified diff. */
export interface UnifiedDiff {
  /** The lines `--- before` and `+++ after`, or the one that says that the files cannot be compared line by line. */
  readonly head: readonly string[];
  /** Lines that begin with `@`, a blank, `-`, `+` or `\`. */
  readonly body: readonly string[];
}

/** What {@link unifiedDiff} compares. */
export interface ComparedFile {
  readonly label: string;
  /** Undefined when there is no such file. */
  readonly bytes: Buffer | undefined;
}

const CONTEXT = 3;

/** Work grows with the square of the edits: beyond these a diff would keep a host busy that nobody wants to read. */
const BOUNDS = { maxEditLength: 2_000, timeout: 1_000 };

/** As GNU diff: a null byte near the beginning makes a file binary. */
const LOOKED_AT_BYTES = 32 * 1024;

/**
 * How two files differ, byte by byte and in the form of `diff -u`; undefined when they do not. Files that have too
 * little in common for a diff in reasonable time are shown as one hunk, the old lines before the new ones. What is not
 * UTF-8 is shown with replacement characters, but compared as it is.
 */
export function unifiedDiff(before: ComparedFile, after: ComparedFile): UnifiedDiff | undefined {
  if (before.bytes !== undefined && after.bytes !== undefined && before.bytes.equals(after.bytes))
    return undefined;
  if (isBinary(before.bytes) || isBinary(after.bytes)) {
    return { head: [`Binary files ${before.label} and ${after.label} differ`], body: [] };
  }
  // One character a byte, so that bytes which are not UTF-8 stay what they are.
  const [old, new_] = [before.bytes?.toString("latin1") ?? "", after.bytes?.toString("latin1") ?? ""];
  const patch = structuredPatch("", "", old, new_, undefined, undefined, { context: CONTEXT, ...BOUNDS });
  const hunks = patch?.hunks ?? [wholeFileHunk(old, new_)];
  return { head: [`--- ${before.label}`, `+++ ${after.label}`], body: hunks.flatMap(hunkLines) };
}

function isBinary(bytes: Buffer | undefined): boolean {
  return bytes?.subarray(0, LOOKED_AT_BYTES).includes(0) ?? false;
}

function wholeFileHunk(before: string, after: string): StructuredPatchHunk {
  const [old, new_] = [linesOf(before), linesOf(after)];
  const mark = (sign: string, text: string, lines: readonly string[]): string[] => {
    const marked = lines.map((line) => sign + line);
    return text === "" || text.endsWith("\n") ? marked : [...marked, "\\ No newline at end of file"];
  };
  return {
    ...{ oldStart: 1, oldLines: old.length, newStart: 1, newLines: new_.length },
    lines: [...mark("-", before, old), ...mark("+", after, new_)],
  };
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function hunkLines({ lines, newLines, newStart, oldLines, oldStart }: StructuredPatchHunk): string[] {
  const head = `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
  return [head, ...lines.map((line) => Buffer.from(line, "latin1").toString())];
}

/** As GNU diff writes it: no count of one, and no lines begin at the line before. */
function range(start: number, count: number): string {
  if (count === 1) return String(start);
  return `${count === 0 ? start - 1 : start},${count}`;
}
