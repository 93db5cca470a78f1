import { lazyPattern } from "../lazy-pattern.ts";
import { SPACE_CLASS } from "../syntax/white-space.ts";

/** How {@link linkUrls} writes links; texts are escaped already. */
export interface LinkOptions {
  /** Makes the text of a link. */
  readonly shorten: (text: string) => string;
  readonly rel: string;
  readonly target: string | undefined;
  readonly schemes: readonly string[];
}

const WORD = "[\\p{L}\\p{N}_%]";
const URL = lazyPattern(
  () =>
    new RegExp(
      `^(?:(?:https?:\\/\\/|www\\.)(?:(?:[\\p{L}\\p{N}_%\\-]+\\.)+)?(?:[a-z]{2,63}|xn--${WORD}{2,59})|(?:[\\p{L}\\p{N}_%\\-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\\/\\/(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))(?::\\d{1,5})?(?:[\\/?#][^${SPACE_CLASS}]*)?$`,
      "iu",
    ),
);
const EMAIL = lazyPattern(() => /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u);
const SPACES = new RegExp(`([${SPACE_CLASS}]+)`);
const PAIRS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;

/** Turns the addresses in escaped text into links. */
export function linkUrls(html: string, options: LinkOptions): string {
  return html
    .split(SPACES)
    .map((word) => linkWord(word, options))
    .join("");
}

function linkWord(word: string, options: LinkOptions): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? "";
  const rest = word.slice(head.length);
  const tail = /(?:[)>.,\n]|&gt;)+$/.exec(rest)?.[0] ?? "";
  const balanced = balance(rest.slice(0, rest.length - tail.length), tail);
  return head + link(balanced.middle, options) + balanced.tail;
}

/** Moves closing brackets that belong to the address back to it. */
function balance(start: string, end: string): { middle: string; tail: string } {
  let middle = start;
  let tail = end;
  for (const [open, close] of PAIRS) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let moves = Math.min(opened, count(tail, close)); moves > 0; moves--) {
      const position = tail.indexOf(close) + close.length;
      middle += tail.slice(0, position);
      tail = tail.slice(position);
    }
  }
  return { middle, tail };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function link(middle: string, { rel, schemes, shorten, target }: LinkOptions): string {
  const attributes = `${rel === "" ? "" : ` rel="${rel}"`}${target === undefined ? "" : ` target="${target}"`}`;
  if (URL().test(middle)) {
    const isFull = middle.startsWith("https://") || middle.startsWith("http://");
    return `<a href="${isFull ? "" : "https://"}${middle}"${attributes}>${shorten(middle)}</a>`;
  }
  if (middle.startsWith("mailto:") && EMAIL().test(middle.slice(7)))
    return `<a href="${middle}">${middle.slice(7)}</a>`;
  if (middle.includes("@") && !middle.startsWith("www.") && !middle.includes(":") && EMAIL().test(middle)) {
    return `<a href="mailto:${middle}">${middle}</a>`;
  }
  let linked = middle;
  for (const scheme of schemes) {
    if (linked !== scheme && linked.startsWith(scheme))
      linked = `<a href="${linked}"${attributes}>${linked}</a>`;
  }
  return linked;
}
