import { checkConfigValue } from "./ssh-config-value.ts";

/** What one line of ssh_config says. */
export interface ConfigLine {
  /** The keyword, in lower case. */
  readonly key: string;
  /** Its arguments, without quotes and comment. */
  readonly words: readonly string[];
}

/** A keyword, and blanks or one `=` before its value. */
const KEYWORD = /^[ \t]*(?<keyword>[^\s"=]+)[ \t]*=?[ \t]*/;

/** Keywords whose value is all of the rest of the line. */
const RAW = new Set(["proxycommand", "proxyjump"]);

/**
 * Reads a line as ssh does: a keyword, and words in single, double or no quotes. A `#` where a word could begin starts
 * a comment.
 *
 * @returns `undefined` when the line says nothing
 * @throws Error when it is no such line
 */
export function parseConfigLine(text: string): ConfigLine | undefined {
  const line = text.replace(/[ \t\r\f]+$/, "");
  if (/^[ \t]*(#|$)/.test(line)) return undefined;
  const start = KEYWORD.exec(line);
  const keyword = start?.groups?.["keyword"];
  if (keyword === undefined) throw new Error(`it has no keyword: ${line}`);
  const key = keyword.toLowerCase();
  const rest = line.slice(start?.[0].length);
  const words = RAW.has(key) && rest !== "" ? [rest] : splitWords(rest);
  if (words.length === 0 || words[0] === "") throw new Error(`${keyword} has no value`);
  checkConfigValue(key, keyword, words);
  return { key, words };
}

const WORD = /(?:\\['"\\ ]|"(?:\\["'\\]|[^"])*"|'(?:\\["'\\]|[^'])*'|[^ \t"'])+/y;
const PART = /\\(['"\\ ])|"((?:\\["'\\]|[^"])*)"|'((?:\\["'\\]|[^'])*)'/g;

function splitWords(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; ; at = WORD.lastIndex) {
    while (text[at] === " " || text[at] === "\t") at++;
    if (at >= text.length || text[at] === "#") return words;
    WORD.lastIndex = at;
    const [word] = WORD.exec(text) ?? [];
    const end = text[WORD.lastIndex];
    if (word === undefined || (end !== undefined && !/[ \t]/.test(end))) {
      throw new Error(`a quote is not closed: ${text}`);
    }
    words.push(withoutQuotes(word));
  }
}

function withoutQuotes(word: string): string {
  return word.replace(PART, (_part, escaped?: string, double?: string, single?: string) => {
    return escaped ?? (double ?? single ?? "").replace(/\\(["'\\])/g, "$1");
  });
}
