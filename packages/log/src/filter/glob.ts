import { compareText } from "./compare-text.ts";

/**
 * A shell glob as a test on text, as the filter language has it: anchored at the end only, so that it matches
 * when some suffix of the text matches; case-sensitive, across line feeds; backslash is an ordinary character.
 * The time is at most the product of both lengths.
 */
export function globTest(glob: string): (text: string) => boolean {
  const tokens = parseGlob(glob);
  if (tokens.every((token) => typeof token === "string")) {
    const suffix = tokens.join("");
    return (text) => text.endsWith(suffix);
  }
  // Not being anchored at the start is the same as a leading star.
  const floating: readonly GlobToken[] = [STAR, ...tokens];
  return (text) => matchesWhole(floating, Array.from(text));
}

/** The parts of a glob that stand for themselves: every match contains each of them. */
export function globLiterals(glob: string): string[] {
  const runs = [""];
  for (const token of parseGlob(glob)) {
    if (typeof token === "string") runs[runs.length - 1] += token;
    else runs.push("");
  }
  return runs.filter((run) => run !== "");
}

const STAR = Symbol("any text");
type CharTest = (char: string) => boolean;
type GlobToken = string | typeof STAR | CharTest;

// After a mismatch only the last star needs another try, one character further on.
function matchesWhole(tokens: readonly GlobToken[], chars: readonly string[]): boolean {
  let token = 0;
  let char = 0;
  let retryToken = -1;
  let retryChar = 0;
  while (char < chars.length) {
    if (tokens[token] === STAR) {
      retryToken = token;
      retryChar = char;
      token += 1;
    } else if (matchesOne(tokens[token], chars[char] ?? "")) {
      token += 1;
      char += 1;
    } else if (retryToken >= 0) {
      token = retryToken + 1;
      retryChar += 1;
      char = retryChar;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === STAR);
}

function matchesOne(token: GlobToken | undefined, char: string): boolean {
  return typeof token === "function" ? token(char) : token === char;
}

function parseGlob(glob: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  const chars = Array.from(glob);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    const end = char === "[" ? setEnd(chars, at) : -1;
    if (end > 0) {
      tokens.push(charSet(chars.slice(at + 1, end)));
      at = end;
    } else if (char === "*") tokens.push(STAR);
    else tokens.push(char === "?" ? (): boolean => true : char);
  }
  return tokens;
}

// A closing bracket right after the opening one, or after its `!`, is a member of the set.
function setEnd(chars: readonly string[], start: number): number {
  const first = chars[start + 1] === "!" ? start + 2 : start + 1;
  return chars.indexOf("]", first + 1);
}

function charSet(written: readonly string[]): CharTest {
  const members = withoutEmptyStart(written);
  const isNegated = members[0] === "!";
  const ranges = parseRanges(isNegated ? members.slice(1) : members);
  const isMember: CharTest = (char) =>
    ranges.some(([from, to]) => compareText(from, char) <= 0 && compareText(char, to) <= 0);
  return isNegated ? (char): boolean => !isMember(char) : isMember;
}

// Python drops ranges whose ends are the wrong way round before it looks for the `!`.
function withoutEmptyStart(members: readonly string[]): readonly string[] {
  let rest = members;
  for (;;) {
    const [from = "", dash, to] = rest;
    if (from === "!" || dash !== "-" || to === undefined || compareText(from, to) <= 0) return rest;
    rest = rest.slice(3);
  }
}

function parseRanges(chars: readonly string[]): [from: string, to: string][] {
  const ranges: [string, string][] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const from = chars[at] ?? "";
    const to = chars[at + 1] === "-" ? chars[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return ranges;
}
