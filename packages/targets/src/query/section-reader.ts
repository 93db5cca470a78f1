import { TargetsError } from "../errors.ts";
import { yamlPlace } from "./yaml-place.ts";

/** The file of a section. */
export interface SectionSource {
  readonly file: string;
  readonly text: string;
  readonly onWarning: (warning: string) => void;
}

const FLAG_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

/** Takes the values of one mapping of a YAML file, and knows which keys nobody asked for. */
export class SectionReader {
  readonly #source: SectionSource;
  readonly #name: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  /** @throws {TargetsError} `QUERY_CONFIG` when it is no mapping */
  constructor(source: SectionSource, name: string, values: unknown) {
    this.#source = source;
    this.#name = name;
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw this.#error(`${name} must be a mapping`, name);
    }
    this.#values = values as Readonly<Record<string, unknown>>;
  }

  /** A mapping inside. */
  section(key: string): SectionReader | undefined {
    const value = this.#take(key);
    return value === undefined ? undefined : new SectionReader(this.#source, key, value);
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

  /** Also in the words of YAML 1.1, which is what Cumin reads. `undefined` also for what is no flag. */
  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    if (typeof value === "boolean") return value;
    return typeof value === "string" ? FLAG_WORDS.get(value) : undefined;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    throw this.wrong(key, "a list of texts");
  }

  /** All of it, as variables of an environment. */
  variables(): Readonly<Record<string, string>> {
    const names = Object.keys(this.#values);
    return Object.fromEntries(names.map((name) => [name, this.#variable(name)]));
  }

  /** Tells of keys that were not asked for and are not in `silent`. */
  warnOfOthers(silent: ReadonlySet<string> = new Set()): void {
    for (const key of Object.keys(this.#values)) {
      if (!this.#asked.has(key) && !silent.has(key)) this.warn(key, "is not understood and has no effect");
    }
  }

  warn(key: string, what: string): void {
    this.#source.onWarning(`${this.#place(key)}: ${this.#path(key)} ${what}`);
  }

  /** The error for a value of the wrong kind. */
  wrong(key: string, expected: string): TargetsError {
    return this.#error(
      `${this.#path(key)} is ${JSON.stringify(this.#values[key])}; expected ${expected}`,
      key,
    );
  }

  #variable(name: string): string {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw this.#error(`${this.#name} has ${JSON.stringify(name)}; expected the name of a variable`, name);
    }
    const value = this.#take(name);
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
      throw this.wrong(name, "a text");
    const text = String(value);
    if (text.includes("\0")) throw this.wrong(name, "a text without NUL");
    return text;
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#values[key] ?? undefined;
  }

  #path(key: string): string {
    return this.#name === "" ? key : `${this.#name}.${key}`;
  }

  #place(key: string): string {
    const { file, text } = this.#source;
    return yamlPlace(file, text, key, this.#name === key ? "" : this.#name);
  }

  #error(what: string, key: string): TargetsError {
    return new TargetsError(`Cannot use ${this.#place(key)}: ${what}`, { code: "QUERY_CONFIG" });
  }
}
