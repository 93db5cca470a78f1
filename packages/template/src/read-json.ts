import { TemplateError } from "./errors.ts";
import { YamlFloat } from "./yaml-values.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const NUMBER_END = /[^-+.\deE]/g;
/** What a text in quotes has that is not simply its characters. */
// oxlint-disable-next-line no-control-regex -- JSON forbids them inside of texts
const NOT_PLAIN = /[\\\u0000-\u001f]/;
const MAX_DEPTH = 500;

/**
 * Reads a JSON text as Python does: a number with a point or an exponent is a float, also `1.0`, and integers are exact.
 * Mappings become `Map`s.
 *
 * @throws TemplateError `TEMPLATE_JSON` naming the file.
 */
export function readJson(text: string, { file }: { readonly file: string }): unknown {
  try {
    return new JsonScanner(text, file).document();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const problem = problemOf(text) ?? cause.message;
    const line = lineOfProblem(problem, text);
    throw new TemplateError(`invalid JSON: ${problem}`, { code: "TEMPLATE_JSON", file, line, cause });
  }
}

/** What is wrong with a text, in words that everybody knows. */
function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

// JSON.parse tells the place in its message only, and the end of the text by no number.
function lineOfProblem(problem: string, text: string): number {
  const position = /at position (\d+)/.exec(problem)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split("\n").length;
}

const [BLANK, LINE_FEED, RETURN, TAB] = [0x20, 0x0a, 0x0d, 0x09];
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAPPING, CLOSE_MAPPING] = [0x5b, 0x5d, 0x7b, 0x7d];
const [LOWER_F, LOWER_N, LOWER_T] = [0x66, 0x6e, 0x74];

/** Reads one JSON text. @throws SyntaxError when it is none */
class JsonScanner {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  document(): unknown {
    const value = this.#value();
    this.#peek();
    if (this.#at < this.#text.length) throw this.#malformed();
    return value;
  }

  #value(): unknown {
    switch (this.#peek()) {
      case QUOTE:
        return this.#string();
      case OPEN_MAPPING:
        return this.#nested(() => this.#mapping());
      case OPEN_LIST:
        return this.#nested(() => this.#list());
      case LOWER_T:
        return this.#word("true", true);
      case LOWER_F:
        return this.#word("false", false);
      case LOWER_N:
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  /** The next character that is no white space; NaN at the end. */
  #peek(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === BLANK || code === LINE_FEED || code === RETURN || code === TAB)
      code = this.#text.charCodeAt(++this.#at);
    return code;
  }

  #take(code: number): void {
    if (this.#peek() !== code) throw this.#malformed();
    this.#at += 1;
  }

  #malformed(): SyntaxError {
    return new SyntaxError(`unexpected character at position ${this.#at}`);
  }

  #word<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) throw this.#malformed();
    this.#at += word.length;
    return value;
  }

  #nested<Value>(read: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new TemplateError(`nested deeper than ${MAX_DEPTH} levels`, {
        code: "TEMPLATE_JSON",
        file: this.#file,
      });
    }
    this.#at += 1;
    const value = read();
    this.#at += 1;
    this.#depth -= 1;
    return value;
  }

  #mapping(): Map<string, unknown> {
    const map = new Map<string, unknown>();
    while (this.#peek() !== CLOSE_MAPPING) {
      if (map.size > 0) this.#take(COMMA);
      if (this.#peek() !== QUOTE) throw this.#malformed();
      const key = this.#string();
      this.#take(COLON);
      map.set(key, this.#value());
    }
    return map;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    while (this.#peek() !== CLOSE_LIST) {
      if (list.length > 0) this.#take(COMMA);
      list.push(this.#value());
    }
    return list;
  }

  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    const isPlain = !NOT_PLAIN.test(this.#text.slice(start, Math.max(start, end)));
    while (end >= 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) throw this.#malformed();
    this.#at = end + 1;
    return isPlain ? this.#text.slice(start + 1, end) : String(JSON.parse(this.#text.slice(start, end + 1)));
  }

  #isEscaped(position: number): boolean {
    let before = position;
    while (this.#text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    return (position - before) % 2 === 1;
  }

  #number(): number | bigint | YamlFloat {
    NUMBER_END.lastIndex = this.#at;
    const end = NUMBER_END.exec(this.#text)?.index ?? this.#text.length;
    const token = this.#text.slice(this.#at, end);
    if (!NUMBER.test(token)) throw this.#malformed();
    this.#at = end;
    return numberOf(token);
  }
}

function numberOf(token: string): number | bigint | YamlFloat {
  if (/[.eE]/.test(token)) return new YamlFloat(Number(token));
  const small = Number(token);
  return Number.isSafeInteger(small) ? small + 0 : BigInt(token);
}
