import { SPACE_CLASS } from "../syntax/white-space.ts";
import { codePoints } from "./text.ts";

const SPACE = new RegExp(`[${SPACE_CLASS}]`);
const SPACES = new RegExp(`[${SPACE_CLASS}]+`, "g");
const LEADING = new RegExp(`^[${SPACE_CLASS}]+`);
const ONLY_SPACE = new RegExp(`^[${SPACE_CLASS}]+$`);

/** Which ends are stripped. */
export type StripSide = "left" | "right" | "both";

/** Python's `strip`, `lstrip` and `rstrip`; `characters` is a set, white space when left out. */
export function strip(text: string, side: StripSide, characters?: string): string {
  if (characters === undefined) {
    const left = side === "right" ? text : text.replace(LEADING, "");
    return side === "left" ? left : trimEndSpace(left);
  }
  const set = new Set(characters);
  const all = codePoints(text);
  let start = 0;
  let end = all.length;
  if (side !== "right") while (start < end && set.has(all[start] ?? "")) start++;
  if (side !== "left") while (end > start && set.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

// A pattern with `$` would look at each run of spaces in the text.
function trimEndSpace(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Python's `text.split()` on white space. */
export function splitSpaces(text: string, limit: number): string[] {
  const trimmed = strip(text, "left");
  if (trimmed === "") return [];
  const parts: string[] = [];
  let start = 0;
  for (const match of trimmed.matchAll(SPACES)) {
    if (limit >= 0 && parts.length === limit) break;
    parts.push(trimmed.slice(start, match.index));
    start = match.index + match[0].length;
  }
  if (start < trimmed.length) parts.push(trimmed.slice(start));
  return parts;
}

/** Python's `text.rsplit()` on white space. */
export function splitSpacesFromEnd(text: string, limit: number): string[] {
  if (limit < 0) return splitSpaces(text, limit);
  const parts: string[] = [];
  let rest = strip(text, "right");
  while (rest !== "" && parts.length < limit) {
    const match = new RegExp(`[^${SPACE_CLASS}]+$`).exec(rest);
    if (match === null) break;
    parts.unshift(match[0]);
    rest = strip(rest.slice(0, match.index), "right");
  }
  if (rest !== "") parts.unshift(rest);
  return parts;
}

/** Python's `text.split(separator, limit)`. */
export function splitOn(text: string, separator: string, limit: number): string[] {
  if (limit < 0) return text.split(separator);
  const parts = text.split(separator);
  return parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Python's `text.rsplit(separator, limit)`. */
export function splitOnFromEnd(text: string, separator: string, limit: number): string[] {
  if (limit < 0) return text.split(separator);
  const parts: string[] = [];
  let rest = text;
  while (parts.length < limit) {
    const index = rest.lastIndexOf(separator);
    if (index < 0) break;
    parts.unshift(rest.slice(index + separator.length));
    rest = rest.slice(0, index);
  }
  return [rest, ...parts];
}

/** Python's `text.splitlines(keepEnds)`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Python's `text.isspace()`. */
export function isSpace(text: string): boolean {
  return ONLY_SPACE.test(text);
}
