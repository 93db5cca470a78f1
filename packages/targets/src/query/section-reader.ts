import { TargetsError } from "../errors.ts";

/** Takes the values of one mapping of a YAML file, and knows which keys nobody asked for. */
export class SectionReader {
  readonly #file: string;
  readonly #name: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #onWarning: (warning: string) => void;
  readonly #asked = new Set<string>();

  /** @throws {TargetsError} `QUERY_CONFIG` when it is no mapping */
  constructor(file: string, name: string, values: unknown, onWarning: (warning: string) => void) {
    this.#file = file;
    this.#name = name;
    this.#onWarning = onWarning;
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw this.#error(`${name} must be a mapping`);
    }
    this.#values = values as Readonly<Record<string, unknown>>;
  }

  /** A mapping inside. */
  section(key: string): SectionReader | undefined {
    const value = this.#take(key);
    return value === undefined ? undefined : new SectionReader(this.#file, key, value, this.#onWarning);
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.wrong(key, "a text");
  }

  number(key: string): number | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === "number" && value > 0)) return value;
    throw this.wrong(key, "a number above 0");
  }

  /** `undefined` also for what is no flag. */
  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    return typeof value === "boolean" ? value : undefined;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    throw this.wrong(key, "a list of texts");
  }

  /** Tells of keys that were not asked for and are not in `silent`. */
  warnOfOthers(silent: ReadonlySet<string> = new Set()): void {
    for (const key of Object.keys(this.#values)) {
      if (!this.#asked.has(key) && !silent.has(key)) this.warn(key, "is not understood and has no effect");
    }
  }

  warn(key: string, what: string): void {
    this.#onWarning(`${this.#file}: ${this.#path(key)} ${what}`);
  }

  /** The error for a value of the wrong kind. */
  wrong(key: string, expected: string): TargetsError {
    return this.#error(`${this.#path(key)} is ${JSON.stringify(this.#values[key])}; expected ${expected}`);
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#values[key] ?? undefined;
  }

  #path(key: string): string {
    return this.#name === "" ? key : `${this.#name}.${key}`;
  }

  #error(what: string): TargetsError {
    return new TargetsError(`Cannot use ${this.#file}: ${what}`, { code: "QUERY_CONFIG" });
  }
}
