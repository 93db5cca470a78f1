import { GLOBAL_OPTIONS, type Argument, type Command, type Option } from "./command.ts";
import { UsageError } from "./errors.ts";
import { OptionValues } from "./option-values.ts";
import { nearest } from "./nearest.ts";

/** A command line, taken apart and checked. */
export interface ParsedArguments {
  readonly options: OptionValues;
  /** Words of each positional argument, by its name. */
  readonly words: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes the words after the command's name apart: long options and their unambiguous prefixes, combined short flags,
 * `--name=value`, `-nvalue`, `--` before words that start with a dash, numbers such as `-5` as values.
 *
 * A repeatable positional must stand in one block, as Python's argparse has it.
 *
 * @throws UsageError naming the word that is wrong.
 */
export function parseArguments(command: Command, argv: readonly string[]): ParsedArguments {
  return new ArgumentParser(command, argv).parse();
}

/** A command's own options and the global ones; a short form that the command owns means the command's option. */
export function allOptions(command: Command): readonly Option[] {
  const own = command.options ?? [];
  const shorts = new Set(own.map((option) => option.short));
  const names = new Set(own.flatMap((option) => [option.name, ...(option.aliases ?? [])]));
  const globals = GLOBAL_OPTIONS.filter((option) => !names.has(option.name)).map((option) => {
    if (option.short === undefined || !shorts.has(option.short)) return option;
    const { short: _taken, ...rest } = option;
    return rest;
  });
  return [...own, ...globals];
}

/** {@link allOptions} without the hidden ones. */
export function shownOptions(command: Command): readonly Option[] {
  return allOptions(command).filter(({ hidden }) => hidden !== true);
}

const NEGATIVE_NUMBER = /^-\d+$|^-\d*\.\d+$/;

class ArgumentParser {
  readonly #argv: readonly string[];
  readonly #options: readonly Option[];
  readonly #given = new Map<string, string[]>();
  readonly #words = new Map<string, readonly string[]>();
  #pending: readonly Argument[];
  #block: string[] = [];
  #position = 0;

  constructor(command: Command, argv: readonly string[]) {
    this.#argv = argv;
    this.#options = allOptions(command);
    this.#pending = command.arguments ?? [];
  }

  parse(): ParsedArguments {
    while (this.#position < this.#argv.length) {
      const word = this.#argv[this.#position++] ?? "";
      if (word === "--") {
        this.#block.push(...this.#argv.slice(this.#position));
        break;
      }
      if (this.#looksLikeOption(word)) {
        this.#endBlock();
        this.#takeOption(word);
      } else {
        this.#block.push(word);
      }
    }
    if (this.#given.has("help")) return this.#result();
    this.#endBlock();
    this.#checkComplete();
    return this.#result();
  }

  #result(): ParsedArguments {
    return { options: new OptionValues(this.#options, this.#given), words: this.#words };
  }

  #looksLikeOption(word: string): boolean {
    if (!word.startsWith("-") || word === "-" || NEGATIVE_NUMBER.test(word)) return false;
    return !word.includes(" ") || word.startsWith("--") || this.#byShort(word.charAt(1)) !== undefined;
  }

  #takeOption(word: string): void {
    if (word.startsWith("--")) this.#takeLong(word);
    else this.#takeShort(word);
  }

  #takeLong(word: string): void {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const option = this.#byLong(name);
    if (equals >= 0 && option.type === "flag") throw new UsageError(`--${option.name} takes no value`);
    this.#take(option, `--${option.name}`, equals < 0 ? undefined : word.slice(equals + 1));
  }

  #takeShort(word: string): void {
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const option = this.#byShort(letter);
      if (option === undefined) throw new UsageError(`Unknown option -${letter} in ${JSON.stringify(word)}`);
      if (option.type === "flag") {
        this.#take(option, `-${letter}`, undefined);
        continue;
      }
      const rest = word.slice(at + 1).replace(/^=/, "");
      this.#take(option, `-${letter}`, at + 1 < word.length ? rest : undefined);
      return;
    }
  }

  #take(option: Option, shown: string, inline: string | undefined): void {
    const values = this.#given.get(option.name) ?? [];
    const value = option.type === "flag" ? "" : (inline ?? this.#nextValue(option, shown));
    checkValue(option, shown, value);
    this.#given.set(option.name, option.repeat === true ? [...values, value] : [value]);
  }

  #nextValue(option: Option, shown: string): string {
    // The next word is never meant for it: in `--sudo web1 uptime` it is the host.
    if (option.optionalValue !== undefined) return option.optionalValue;
    const next = this.#argv[this.#position];
    if (next === undefined || next === "--" || this.#looksLikeOption(next)) {
      throw new UsageError(`${shown} needs a value: ${shown} ${option.value ?? "VALUE"}`);
    }
    this.#position++;
    return next;
  }

  #byShort(letter: string): Option | undefined {
    return this.#options.find((option) => option.short === letter);
  }

  #byLong(name: string): Option {
    const candidates = this.#options.flatMap((option) =>
      [option.name, ...(option.aliases ?? [])].map((long) => ({ long, option })),
    );
    const exact = candidates.find(({ long }) => long === name);
    if (exact !== undefined) return exact.option;
    const matches = candidates.filter(({ long }) => name !== "" && long.startsWith(name));
    const [only] = matches;
    if (only !== undefined && new Set(matches.map(({ option }) => option)).size === 1) return only.option;
    if (matches.length > 1) {
      const list = matches.map(({ long }) => `--${long}`).join(", ");
      throw new UsageError(`Ambiguous option --${name}: could be ${list}`);
    }
    const near = nearest(
      name,
      candidates.map(({ long }) => long),
    );
    throw new UsageError(
      `Unknown option --${name}`,
      near === undefined ? undefined : `Did you mean --${near}?`,
    );
  }

  /** Gives the words since the last option to the positionals that are still open, greedily and in order. */
  #endBlock(): void {
    if (this.#block.length === 0) return;
    const counts = distribute(this.#pending, this.#block.length);
    const words = this.#block;
    let from = 0;
    counts.forEach((count, index) => {
      const argument = this.#pending[index];
      if (argument === undefined) return;
      const taken = words.slice(from, from + count);
      for (const word of taken) checkChoice(argument.name, word, argument.choices);
      this.#words.set(argument.name, taken);
      from += count;
    });
    const extra = words.slice(from);
    if (extra.length > 0) {
      throw new UsageError(`Extra arguments: ${extra.map((word) => JSON.stringify(word)).join(" ")}`);
    }
    this.#pending = this.#pending.slice(counts.length);
    this.#block = [];
  }

  #checkComplete(): void {
    const missing = this.#pending.find((argument) => argument.count === "one" || argument.count === "many");
    if (missing !== undefined) throw new UsageError(`Missing argument: ${missing.name} (${missing.summary})`);
    const absent = this.#options.find((option) => option.required === true && !this.#given.has(option.name));
    if (absent !== undefined) {
      const short = absent.short === undefined ? "" : `-${absent.short}/`;
      throw new UsageError(`${short}--${absent.name} is required (${absent.summary})`);
    }
  }
}

/** How many of `available` words each argument takes, for as many leading arguments as can be satisfied. */
function distribute(pending: readonly Argument[], available: number): number[] {
  const patterns = { one: "(A)", optional: "(A?)", any: "(A*)", many: "(A+)" } as const;
  for (let taken = pending.length; taken > 0; taken--) {
    const pattern = pending.slice(0, taken).map((argument) => patterns[argument.count]);
    const match = new RegExp(`^${pattern.join("")}`).exec("A".repeat(available));
    if (match !== null) return match.slice(1).map((words) => words.length);
  }
  return [];
}

function checkValue(option: Option, shown: string, value: string): void {
  checkChoice(shown, value, option.choices);
  if (option.type === "integer" && !/^\s*[+-]?\d+(_\d+)*\s*$/.test(value)) {
    throw new UsageError(`${shown}: ${JSON.stringify(value)} is not an integer`);
  }
}

function checkChoice(shown: string, value: string, choices: readonly string[] | undefined): void {
  if (choices === undefined || choices.includes(value)) return;
  throw new UsageError(
    `${shown}: invalid choice ${JSON.stringify(value)} (choose from ${choices.join(", ")})`,
  );
}
