import type { Budget } from "../limits.ts";
import { PyDict } from "../values/dict.ts";
import { inOrder } from "../values/ordering.ts";
import { reprOf, reprString } from "../values/repr.ts";
import { splitLines } from "../values/splitting.ts";
import { textLength } from "../values/text.ts";
import { PyGroup, PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { Markup } from "../values/markup.ts";

const WIDTH = 80;

/** Python's `pprint.pformat(value)`: mappings sorted, lines of at most 80 characters where possible. */
export function prettyText(value: Value, budget: Budget): string {
  return new PrettyPrinter(budget).format(value, 0, 0);
}

class PrettyPrinter {
  readonly #budget: Budget;
  readonly #open = new Set<object>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /**
   * @param indent - where the value starts in its line.
   * @param allowance - room that what follows needs in the last line.
   */
  format(value: Value, indent: number, allowance: number): string {
    this.#budget.spend(1);
    const plain = this.#plain(value);
    if (textLength(plain) <= WIDTH - indent - allowance) return plain;
    if (typeof value === "string") return this.#string(value, indent, allowance, plain);
    if (value instanceof PyDict) return this.#nested(value, () => this.#mapping(value, indent, allowance));
    if (Array.isArray(value))
      return this.#nested(value, () => this.#sequence("[", "]", value, indent, allowance));
    if (value instanceof PyTuple && !(value instanceof PyGroup)) {
      const end = value.items.length === 1 ? ",)" : ")";
      return this.#nested(value, () => this.#sequence("(", end, value.items, indent, allowance));
    }
    return plain;
  }

  /** The value on one line, with sorted mappings. */
  #plain(value: Value): string {
    if (value instanceof PyDict) {
      return this.#nested(value, () => {
        const parts = sortedPairs(value).map(([key, item]) => `${this.#plain(key)}: ${this.#plain(item)}`);
        return `{${parts.join(", ")}}`;
      });
    }
    if (Array.isArray(value))
      return this.#nested(value, () => `[${value.map((item) => this.#plain(item)).join(", ")}]`);
    if (value instanceof PyTuple && !(value instanceof PyGroup)) {
      const inner = value.items.map((item) => this.#plain(item)).join(", ");
      return value.items.length === 1 ? `(${inner},)` : `(${inner})`;
    }
    return value instanceof Markup ? value.repr() : reprOf(value);
  }

  #nested(container: Value & object, print: () => string): string {
    if (this.#open.has(container)) return `<Recursion on ${typeNameOf(container)}>`;
    this.#open.add(container);
    const text = print();
    this.#open.delete(container);
    return text;
  }

  #mapping(dict: PyDict, indent: number, allowance: number): string {
    const pairs = sortedPairs(dict);
    const parts = pairs.map(([key, item], index) => {
      const shownKey = this.#plain(key);
      const isLast = index === pairs.length - 1;
      const start = indent + 1 + textLength(shownKey) + 2;
      return `${shownKey}: ${this.format(item, start, isLast ? allowance + 1 : 1)}`;
    });
    return `{${parts.join(`,\n${" ".repeat(indent + 1)}`)}}`;
  }

  #sequence(open: string, close: string, items: readonly Value[], indent: number, allowance: number): string {
    const parts = items.map((item, index) =>
      this.format(item, indent + 1, index === items.length - 1 ? allowance + close.length : 1),
    );
    return open + parts.join(`,\n${" ".repeat(indent + 1)}`) + close;
  }

  /** A long text becomes several literals, in parentheses when it stands alone. */
  #string(text: string, outerIndent: number, outerAllowance: number, plain: string): string {
    const isTop = this.#open.size === 0;
    const indent = isTop ? outerIndent + 1 : outerIndent;
    const allowance = isTop ? outerAllowance + 1 : outerAllowance;
    const chunks = stringChunks(text, WIDTH - indent, WIDTH - indent - allowance);
    if (chunks.length <= 1) return plain;
    const joined = chunks.join(`\n${" ".repeat(indent)}`);
    return isTop ? `(${joined})` : joined;
  }
}

function stringChunks(text: string, width: number, lastWidth: number): string[] {
  const lines = splitLines(text, true);
  const chunks: string[] = [];
  for (const [index, line] of lines.entries()) {
    const isLastLine = index === lines.length - 1;
    const shown = reprString(line);
    if (textLength(shown) <= (isLastLine ? lastWidth : width)) chunks.push(shown);
    else chunks.push(...lineChunks(line, width, isLastLine ? lastWidth : width));
  }
  return chunks;
}

function lineChunks(line: string, width: number, lastWidth: number): string[] {
  const parts = line.match(/\S*\s*/g)?.filter((part) => part !== "") ?? [];
  const chunks: string[] = [];
  let current = "";
  for (const [index, part] of parts.entries()) {
    const candidate = current + part;
    const room = index === parts.length - 1 ? lastWidth : width;
    if (textLength(reprString(candidate)) > room) {
      if (current !== "") chunks.push(reprString(current));
      current = part;
    } else current = candidate;
  }
  if (current !== "") chunks.push(reprString(current));
  return chunks;
}

function sortedPairs(dict: PyDict): [Value, Value][] {
  return [...dict.entries()].toSorted(([a], [b]) => (keyBefore(a, b) ? -1 : keyBefore(b, a) ? 1 : 0));
}

// Keys that cannot be compared are ordered by the name of their type.
function keyBefore(a: Value, b: Value): boolean {
  try {
    return inOrder(a, "<", b);
  } catch {
    const [left, right] = [`<class '${typeNameOf(a)}'>`, `<class '${typeNameOf(b)}'>`];
    return left < right;
  }
}
