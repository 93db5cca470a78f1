import { PythonFloat } from "../python-float.ts";
import { rememberKeyOrder } from "./key-order.ts";

/** A JSON value whose number tokens keep what Python needs of them. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PythonFloat
  | JsonValue[]
  | { [key: string]: JsonValue };

/** Deeper nesting is refused: the original's reader stops near there, and recursion must have an end. */
const MAX_DEPTH = 1000;
/** Longer integers take quadratic time to print. */
const MAX_INTEGER_DIGITS = 20_000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const FLOAT = /[.eE]/;
const PLAIN = /^[^\\\u0000-\u001f]*$/;
const INDEX_KEY = /^(?:0|[1-9]\d*)$/;
const WORDS: ReadonlyMap<string, readonly [word: string, value: JsonValue]> = new Map([
  ["n", ["null", null]],
  ["t", ["true", true]],
  ["f", ["false", false]],
  ["N", ["NaN", Number.NaN]],
  ["I", ["Infinity", Number.POSITIVE_INFINITY]],
]);

/**
 * Parses JSON as Python's `json.loads` does, with `NaN` and `Infinity`, but keeps integers of any size
 * (`bigint`) and floats with a whole value (`PythonFloat`) apart from plain numbers.
 *
 * @throws SyntaxError for text that is not JSON, or nested deeper than 1000 levels
 */
export function parseJson(text: string): JsonValue {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw this.#problem("nested too deeply");
    switch (this.#peek()) {
      case '"':
        return this.#string();
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      default:
        return this.#word();
    }
  }

  end(): void {
    if (this.#peek() !== "") throw this.#problem("unexpected text");
  }

  #object(depth: number): JsonValue {
    const object: { [key: string]: JsonValue } = {};
    const keys: string[] = [];
    let hasIndexKey = false;
    this.#at += 1;
    if (this.#accept("}")) return object;
    do {
      if (this.#peek() !== '"') throw this.#problem("expected a key");
      const key = this.#string();
      if (!this.#accept(":")) throw this.#problem("expected ':'");
      const value = this.value(depth + 1);
      hasIndexKey ||= isDigit(key.charCodeAt(0)) && INDEX_KEY.test(key);
      keys.push(key);
      if (key === "__proto__") setOwn(object, key, value);
      else object[key] = value;
    } while (this.#accept(","));
    if (!this.#accept("}")) throw this.#problem("expected '}'");
    if (hasIndexKey) rememberKeyOrder(object, [...new Set(keys)]);
    return object;
  }

  #array(depth: number): JsonValue {
    const items: JsonValue[] = [];
    this.#at += 1;
    if (this.#accept("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.#accept(","));
    if (!this.#accept("]")) throw this.#problem("expected ']'");
    return items;
  }

  #string(): string {
    const end = this.#text.indexOf('"', this.#at + 1);
    const plain = this.#text.slice(this.#at + 1, end);
    if (end > 0 && PLAIN.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    return JSON.parse(this.#escapedString()) as string;
  }

  // A regular expression over a string of several megabytes overflows its stack, so the end is searched by hand.
  #escapedString(): string {
    let at = this.#at + 1;
    for (;;) {
      const quote = this.#text.indexOf('"', at);
      if (quote < 0) throw this.#problem("unclosed string");
      let slash = quote;
      while (this.#text[slash - 1] === "\\") slash -= 1;
      at = quote + 1;
      if ((quote - slash) % 2 === 0) break;
    }
    const literal = this.#text.slice(this.#at, at);
    this.#at = at;
    return literal;
  }

  #word(): JsonValue {
    const known = WORDS.get(this.#text.charAt(this.#at));
    if (!known) return this.#number();
    const [word, value] = known;
    if (!this.#text.startsWith(word, this.#at)) throw this.#problem("expected a value");
    this.#at += word.length;
    return value;
  }

  #number(): JsonValue {
    NUMBER.lastIndex = this.#at;
    if (!NUMBER.test(this.#text)) return this.#negativeInfinity();
    const token = this.#text.slice(this.#at, NUMBER.lastIndex);
    this.#at = NUMBER.lastIndex;
    return FLOAT.test(token) ? float(Number(token)) : integer(token);
  }

  #negativeInfinity(): JsonValue {
    if (!this.#text.startsWith("-Infinity", this.#at)) throw this.#problem("expected a value");
    this.#at += "-Infinity".length;
    return Number.NEGATIVE_INFINITY;
  }

  // Runs for every token, so it compares codes instead of making strings.
  #peek(): string {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    return this.#text.charAt(this.#at);
  }

  #accept(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }

  #problem(what: string): SyntaxError {
    return new SyntaxError(`Not JSON: ${what} at character ${this.#at + 1}`);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function float(value: number): JsonValue {
  return Number.isInteger(value) && !Object.is(value, -0) ? new PythonFloat(value) : value;
}

function integer(token: string): JsonValue {
  const value = Number(token);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  if (token.length > MAX_INTEGER_DIGITS) throw new SyntaxError("Not JSON: an integer is too long");
  return BigInt(token);
}

function setOwn(object: object, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
