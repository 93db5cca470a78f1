import type { Command, Completes, Option } from "../command.ts";
import { shownOptions } from "../parse-arguments.ts";

/** What may stand for a value: fixed words, or a kind that is looked up while the user types. */
export interface CompletedValue {
  readonly choices: readonly string[];
  readonly kind: Completes | undefined;
}

/** An option as completion scripts see it. */
export interface CompletedOption {
  /** `-r`, `--rev`. */
  readonly spellings: readonly string[];
  readonly option: Option;
  /** Undefined for flags. */
  readonly value: CompletedValue | undefined;
}

/** A command, or an action of one, as completion scripts see it. */
export interface CompletionEntry {
  /** `deploy`, `targets list`. */
  readonly path: string;
  readonly summary: string;
  readonly actions: readonly string[];
  readonly options: readonly CompletedOption[];
  readonly positional: CompletedValue;
}

/** Every visible command and action, commands before their actions. */
export function completionEntries(commands: readonly Command[], parent = ""): CompletionEntry[] {
  return commands
    .filter((command) => command.hidden !== true)
    .flatMap((command) => {
      const path = parent === "" ? command.name : `${parent} ${command.name}`;
      return [entryOf(command, path), ...completionEntries(command.commands ?? [], path)];
    });
}

/** A word in single quotes, which bash, zsh and fish all read as it is. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The program's name as part of a shell function's name. */
export function identifier(program: string): string {
  return program.replaceAll(/\W/g, "_");
}

function entryOf(command: Command, path: string): CompletionEntry {
  const positionals = command.arguments ?? [];
  return {
    path,
    summary: command.summary,
    actions: (command.commands ?? []).filter(({ hidden }) => hidden !== true).map(({ name }) => name),
    options: shownOptions(command).map(completedOption),
    positional: {
      choices: positionals.flatMap(({ choices, suggestions }) => choices ?? suggestions ?? []),
      kind: positionals.find(({ completes }) => completes !== undefined)?.completes,
    },
  };
}

function completedOption(option: Option): CompletedOption {
  const short = option.short === undefined ? [] : [`-${option.short}`];
  const long = [option.name, ...(option.aliases ?? [])].map((name) => `--${name}`);
  const kind = option.type === "directory" ? "directories" : option.completes;
  const takesNextWord = option.type !== "flag" && option.optionalValue === undefined;
  const value = takesNextWord ? { choices: option.choices ?? option.suggestions ?? [], kind } : undefined;
  return { spellings: [...short, ...long], option, value };
}
