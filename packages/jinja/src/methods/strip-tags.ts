import { splitSpaces } from "../values/splitting.ts";

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  AMP: "&",
  lt: "<",
  LT: "<",
  gt: ">",
  GT: ">",
  quot: '"',
  QUOT: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  laquo: "«",
  raquo: "»",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  euro: "€",
  times: "×",
  middot: "·",
  bull: "•",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
};

/** `Markup(html).striptags()`: without comments and tags, white space folded, entities resolved. */
export function stripTags(html: string): string {
  let text = removeBetween(html, "<!--", "-->");
  text = removeBetween(text, "<", ">");
  return unescapeHtml(splitSpaces(text, -1).join(" "));
}

function removeBetween(text: string, start: string, end: string): string {
  let result = "";
  let position = 0;
  for (;;) {
    const from = text.indexOf(start, position);
    const to = from < 0 ? -1 : text.indexOf(end, from);
    if (to < 0) return result + text.slice(position);
    result += text.slice(position, from);
    position = to + end.length;
  }
}

/** Resolves numeric entities and the common named ones. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#([0-9]+)|#[xX]([0-9a-fA-F]+)|([a-zA-Z]+));?/g, (whole, decimal, hex, name) => {
    if (typeof name === "string") return (whole.endsWith(";") ? NAMED[name] : undefined) ?? whole;
    const code =
      typeof decimal === "string" ? Number.parseInt(decimal, 10) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : "\ufffd";
  });
}
