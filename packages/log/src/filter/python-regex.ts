/** A regular expression in Python's syntax cannot be used here; the message says why. */
export class RegexError extends Error {
  override readonly name = "RegexError";
}

/**
 * Compiles a regular expression in the syntax and with the meaning of Python's `re`: `.` stops at a line feed,
 * `^` and `$` are the ends of the text (`$` also before a final line feed), `\w`, `\d`, `\s` and `\b` know
 * Unicode; leading flags `(?imsua)`, `(?P<n>...)`, `\A` and `\Z` work.
 *
 * @throws RegexError for a mistake, or a construct that has no equal in JavaScript
 */
export function compilePythonRegex(source: string): RegExp {
  const leading = /^\(\?([a-zA-Z]+)\)/.exec(source);
  const flags = leading?.[1] ?? "";
  const unknown = /[^imsua]/.exec(flags);
  if (unknown) throw new RegexError(`the flag '${unknown[0]}' is not supported`);
  const body = new Translator(source.slice(leading?.[0].length ?? 0), flags).translate();
  try {
    return new RegExp(body, flags.includes("i") ? "vi" : "v");
  } catch (error) {
    throw new RegexError((error as Error).message.replace(/^Invalid regular expression: .*: /, ""));
  }
}

interface Classes {
  readonly w: string;
  readonly d: string;
  readonly s: string;
}

const UNICODE_CLASSES: Classes = { w: "\\p{L}\\p{N}_", d: "\\p{Nd}", s: "\\t-\\r\\x1c-\\x20\\x85\\p{Z}" };
const ASCII_CLASSES: Classes = { w: "a-zA-Z0-9_", d: "0-9", s: "\\t-\\r\\x20" };
const CONTROLS: Readonly<Record<string, string>> = {
  a: "\\x07",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};
const START = "(?<![\\s\\S])";
const END = "(?![\\s\\S])";

class Translator {
  readonly #source: string;
  readonly #flags: string;
  readonly #classes: Classes;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
    this.#classes = flags.includes("a") ? ASCII_CLASSES : UNICODE_CLASSES;
  }

  translate(): string {
    let out = "";
    while (this.#at < this.#source.length) out += this.#item();
    return out;
  }

  #item(): string {
    const char = this.#take();
    switch (char) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#set();
      case "(":
        return this.#group();
      case ".":
        return this.#flags.includes("s") ? "[\\s\\S]" : "[^\\n]";
      case "^":
        return this.#flags.includes("m") ? "(?<![^\\n])" : START;
      case "$":
        return this.#flags.includes("m") ? "(?![^\\n])" : `(?=\\n?${END})`;
      case "{":
        return this.#brace();
      default:
        return "*+?|)".includes(char) ? char : literal(char);
    }
  }

  #take(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#source);
    if (match) this.#at = sticky.lastIndex;
    return match;
  }

  #brace(): string {
    const match = this.#match(/(\d*)(,?)(\d*)\}/);
    if (!match || match[0] === "}") return this.#literalBrace(match);
    const [, from = "", comma = "", to = ""] = match;
    return from === "" && comma === "" ? literal("{") : `{${from || "0"}${comma}${to}}`;
  }

  #literalBrace(match: RegExpExecArray | null): string {
    return match ? literal("{") + literal("}") : literal("{");
  }

  #group(): string {
    if (this.#source[this.#at] !== "?") return "(";
    if (this.#match(/\?#[^)]*\)/)) return "";
    const named = this.#match(/\?P<([A-Za-z_]\w*)>/);
    if (named) return `(?<${named[1]}>`;
    const reference = this.#match(/\?P=([A-Za-z_]\w*)\)/);
    if (reference) return `\\k<${reference[1]}>`;
    const plain = this.#match(/\?(?::|=|!|<=|<!)/);
    if (plain) return `(${plain[0]}`;
    throw new RegexError(`the group '(${this.#source.slice(this.#at, this.#at + 3)}' is not supported`);
  }

  #escape(): string {
    if (this.#at >= this.#source.length) throw new RegexError("nothing follows the backslash");
    const reference = this.#match(/(?![1-3][0-7]{2})[1-9]\d?/);
    if (reference) return `(?:\\${reference[0]})`;
    const char = this.#source.charAt(this.#at);
    const boundary = this.#boundary(char);
    if (boundary !== undefined) {
      this.#at += 1;
      return boundary;
    }
    return this.#classOrCharacter();
  }

  #boundary(char: string): string | undefined {
    const word = `[${this.#classes.w}]`;
    if (char === "A") return START;
    if (char === "Z") return END;
    if (char === "b") return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    // Python finds no \B in an empty text.
    if (char === "B") return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?!${START}${END}))`;
    return undefined;
  }

  // The part of an escape that means the same inside and outside of a set.
  #classOrCharacter(): string {
    const named = this.#match(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/);
    if (named) return codePoint(Number.parseInt(named[1] ?? named[2] ?? named[3] ?? "", 16));
    const octal = this.#match(/[1-3][0-7]{2}|0[0-7]{0,2}/);
    if (octal) return codePoint(Number.parseInt(octal[0], 8));
    const char = this.#take();
    if (char === "w" || char === "d" || char === "s") return `[${this.#classes[char]}]`;
    if (char === "W" || char === "D" || char === "S") return `[^${this.#classes[lower(char)]}]`;
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (/[A-Za-z]/.test(char)) throw new RegexError(`the escape '\\${char}' is not supported`);
    return codePoint(char.codePointAt(0) ?? 0);
  }

  #set(): string {
    const isNegated = this.#match(/\^/) !== null;
    let members = "";
    for (let isFirst = true; ; isFirst = false) {
      if (this.#at >= this.#source.length) throw new RegexError("the set is not closed with ']'");
      if (this.#source[this.#at] === "]" && !isFirst) break;
      members += this.#setMember();
    }
    this.#at += 1;
    return `[${isNegated ? "^" : ""}${members}]`;
  }

  #setMember(): string {
    const from = this.#setCharacter();
    const isRange = this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]";
    if (!isRange || this.#at + 1 >= this.#source.length) return from;
    this.#at += 1;
    const to = this.#setCharacter();
    if (from.startsWith("[") || to.startsWith("["))
      throw new RegexError("a class cannot be the end of a range");
    return `${from}-${to}`;
  }

  #setCharacter(): string {
    const char = this.#take();
    if (char !== "\\") return codePoint(char.codePointAt(0) ?? 0);
    if (this.#match(/b/)) return "\\x08";
    return this.#classOrCharacter();
  }
}

function lower(char: "W" | "D" | "S"): "w" | "d" | "s" {
  return char.toLowerCase() as "w" | "d" | "s";
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw new RegexError("a character code is out of range");
  return `\\u{${code.toString(16)}}`;
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? codePoint(char.codePointAt(0) ?? 0) : char;
}
