/** Random host set expressions that a seed decides. */
export class ExpressionGenerator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  /** One to six terms; `numbers` is how many positions vary in each. */
  expression(numbers: number): string {
    let text = this.#term(numbers);
    for (let more = this.below(6); more > 0; more -= 1) {
      const operator = this.#pick([",", ",", ",", "!", "&", "^"]);
      text += `${this.#blank()}${operator}${this.#blank()}${this.#term(numbers)}`;
    }
    return text;
  }

  #term(numbers: number): string {
    if (this.below(12) === 0) return this.#pick(["apple", "web", "db.example"]);
    let text = this.#pick(["web", "web", "db-"]);
    for (let position = 0; position < numbers; position += 1) {
      text += this.#number() + this.#pick(position + 1 < numbers ? ["n", ".dc"] : ["", "", ".x"]);
    }
    return text;
  }

  #number(): string {
    const width = 1 + this.below(3);
    if (this.below(3) === 0) return this.#padded(width);
    const ranges = Array.from({ length: 1 + this.below(3) }, () => this.#range(width));
    return `[${ranges.join(",")}]`;
  }

  #range(width: number): string {
    const isPadded = width > 1 && this.below(2) === 0;
    const low = this.below(Math.min(10 ** width, 110));
    const high = Math.min(low + this.below(12), isPadded ? 10 ** width - 1 : 200);
    const [from, to] = [low, high].map((value) =>
      isPadded ? String(value).padStart(width, "0") : String(value),
    );
    if (this.below(3) === 0) return from ?? "";
    const step = this.below(6) === 0 ? `/${1 + this.below(4)}` : "";
    return `${this.#blank()}${from}-${to}${step}`;
  }

  #padded(width: number): string {
    const value = String(this.below(Math.min(10 ** width, 120)));
    return this.below(2) === 0 ? value : value.padStart(width, "0");
  }

  #blank(): string {
    return this.below(8) === 0 ? " " : "";
  }

  #pick(choices: readonly string[]): string {
    return choices[this.below(choices.length)] ?? "";
  }
}
