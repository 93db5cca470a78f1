import { TemplateLimitError } from "./errors.ts";

/** What one rendering may use. A template that needs more ends with a `TemplateLimitError`. */
export interface Limits {
  /** Loop rounds, calls, filters and members looked at; long texts count by their length. @defaultValue 1_000_000 */
  readonly steps: number;
  /** Size of the output, and of any single text or list, in UTF-16 units or members. @defaultValue 20_000_000 */
  readonly outputSize: number;
  /** Nested macros, includes, blocks and recursive loops. @defaultValue 150 */
  readonly recursion: number;
  /** Members of one `range()`. @defaultValue 1_000_000 */
  readonly range: number;
}

const DEFAULT_LIMITS: Limits = {
  steps: 1_000_000,
  outputSize: 20_000_000,
  recursion: 150,
  range: 1_000_000,
};

/** Fills in the defaults. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/** Counts what a rendering has used. */
export class Budget {
  readonly limits: Limits;
  #stepsLeft: number;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#stepsLeft = limits.steps;
  }

  /** Takes `amount` steps. @throws TemplateLimitError when none are left. */
  spend(amount: number): void {
    this.#stepsLeft -= amount;
    if (this.#stepsLeft < 0) {
      throw new TemplateLimitError("steps", `the template needs more than ${this.limits.steps} steps`);
    }
  }

  /** Charges for a text or list of `size` before it is made. @throws TemplateLimitError when it is too big. */
  allocate(size: number): void {
    if (size > this.limits.outputSize) {
      throw new TemplateLimitError("outputSize", `a value of ${size} characters or members is too big`);
    }
    // Copying is far cheaper than evaluating: a step stands for about 32 characters.
    if (size >= 32) this.spend(size >>> 5);
  }

  /** Like {@link allocate} for the members of a list, which cost more. */
  allocateItems(count: number): void {
    this.allocate(count);
    this.spend(count >>> 2);
  }
}
