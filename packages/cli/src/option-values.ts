import type { Option } from "./command.ts";

/** Values of a command's options, read by name. Asking for an option that the command does not declare is a bug. */
export class OptionValues {
  readonly #specs: ReadonlyMap<string, Option>;
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(specs: readonly Option[], given: ReadonlyMap<string, readonly string[]>) {
    this.#specs = new Map(specs.map((option) => [option.name, option]));
    this.#given = given;
  }

  /** Whether a flag, or an option with a value, was given. */
  flag(name: string): boolean {
    this.#spec(name);
    return this.#given.has(name);
  }

  /** The last value given, or the default, or undefined. */
  string(name: string): string | undefined {
    const fallback = this.#spec(name).default;
    return this.#given.get(name)?.at(-1) ?? (fallback === undefined ? undefined : String(fallback));
  }

  /** Same as {@link string}, as a whole number. */
  integer(name: string): number | undefined {
    const text = this.string(name);
    return text === undefined ? undefined : Number(text.replaceAll("_", ""));
  }

  /** All values of a repeatable option, in order. */
  list(name: string): readonly string[] {
    this.#spec(name);
    return this.#given.get(name) ?? [];
  }

  #spec(name: string): Option {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new TypeError(`The command declares no option ${name}`);
    return spec;
  }
}
