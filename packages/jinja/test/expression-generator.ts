import {
  BINARY,
  ATTRIBUTES,
  FILTERS,
  FORMATS,
  METHODS,
  NAMES,
  NUMBERS,
  TESTS,
  TEXTS,
} from "./expression-words.ts";
import { callOf, FILTER_CALLS, METHOD_CALLS, TEST_CALLS } from "./random-calls.ts";
import type { Random } from "./random.ts";

/** Writes random expressions. Most make sense; some mix up types on purpose. */
export class ExpressionGenerator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An expression with at most `depth` levels of operations. */
  expression(depth: number): string {
    const random = this.#random;
    if (depth <= 0 || random.chance(0.25)) return this.#atom(depth);
    const inner = (): string => this.expression(depth - 1);
    switch (random.below(14)) {
      case 0:
      case 1:
      case 2:
        return `${this.#operand(depth)}|${this.#filter()}`;
      case 3:
        return `${this.#operand(depth)} is ${random.chance(0.2) ? "not " : ""}${this.#test()}`;
      case 4:
      case 5:
        return `${this.#operand(depth)} ${random.pick(BINARY)} ${this.#operand(depth)}`;
      case 6:
        return `${this.#operand(depth)}.${this.#method()}`;
      case 7:
        return `${this.#operand(depth)}.${random.pick(ATTRIBUTES)}`;
      case 8:
        // Jinja2 folds slices of constants in a way of its own, so that only variables are cut.
        return random.chance(0.5)
          ? `${this.#operand(depth)}[${inner()}]`
          : `${random.pick(NAMES)}[${this.#slice()}]`;
      case 9:
        return `${inner()} if ${inner()}${random.chance(0.8) ? ` else ${inner()}` : ""}`;
      case 10:
        return `${random.pick(["not ", "-", "+"])}${this.#operand(depth)}`;
      case 11:
        return random.pick(FORMATS) + this.#operand(depth);
      case 12:
        return `${this.#operand(depth)} < ${this.#operand(depth)} ${random.pick(["<=", "==", ">"])} ${this.#operand(depth)}`;
      default:
        return `(${inner()})`;
    }
  }

  #operand(depth: number): string {
    return this.#random.chance(0.7) ? this.#atom(depth) : `(${this.expression(depth - 1)})`;
  }

  #filter(): string {
    const random = this.#random;
    if (random.chance(0.5)) return random.pick(FILTERS);
    return callOf(FILTER_CALLS, random) + (random.chance(0.5) ? "|list" : "");
  }

  #test(): string {
    return this.#random.chance(0.5) ? this.#random.pick(TESTS) : callOf(TEST_CALLS, this.#random);
  }

  #method(): string {
    if (this.#random.chance(0.5)) return this.#random.pick(METHODS);
    const call = callOf(METHOD_CALLS, this.#random);
    return call.endsWith(")") ? call : `${call}()`;
  }

  #slice(): string {
    const bound = (): string =>
      this.#random.chance(0.5) ? "" : this.#random.pick(["0", "1", "-1", "2", "-2", "9"]);
    return `${bound()}:${bound()}${this.#random.chance(0.3) ? `:${this.#random.pick(["1", "2", "-1", "-2"])}` : ""}`;
  }

  #atom(depth: number): string {
    const random = this.#random;
    const inner = (): string => this.expression(depth - 1);
    switch (random.below(depth > 0 ? 12 : 9)) {
      case 0:
      case 1:
        return random.pick(TEXTS);
      case 2:
        return random.pick(NUMBERS);
      case 3:
        return random.pick(["true", "false", "none", "True", "None"]);
      case 9:
        return `[${inner()}, ${inner()}]`;
      case 10:
        return `{${random.pick(["'a'", "'b'", "1", "none", "(1, 2)"])}: ${inner()}, 'n': ${inner()}}`;
      case 11:
        return random.pick([
          `(${inner()},)`,
          `(${inner()}, ${inner()})`,
          "range(3)",
          `dict(a=${inner()})`,
          "namespace(a=1)",
          "cycler('a', 'b').next()",
          // Python takes any exponent, so that only variables that no template sets to a large number stand there.
          `(${random.pick(["-2", "1 - 2.5", "2", "-1.5", "True"])}) ** ${random.pick(["z", "neg", "2", "fl", "t"])}`,
        ]);
      default:
        return random.pick(NAMES);
    }
  }
}
