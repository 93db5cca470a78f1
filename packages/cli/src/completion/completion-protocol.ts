import type { Command, Option } from "../command.ts";
import { shownOptions } from "../parse-arguments.ts";

/**
 * Candidates for the last word of a command line, as the original's completion protocol gives them: one a line,
 * ending with a blank except where the shell goes on (`__files__`, `__dirs__`, `__versions__`, digits) and for a default
 * value, which stands in quotes.
 *
 * @param line - what stands after the program's name, split at blanks; the last word may be empty.
 */
export function complete(commands: readonly Command[], line: string): string[] {
  const words = line.split(" ");
  const last = words.at(-1) ?? "";
  const name = words[0] ?? "";
  if (words.length <= 1) {
    const all = [...commands.map((command) => command.name), "-h", "--help"];
    return withBlank(all.filter((candidate) => candidate.startsWith(last)));
  }
  const command = commands.find((candidate) => candidate.name === name);
  return command === undefined ? [] : completeCommand(command, words.slice(1, -1), last);
}

function completeCommand(command: Command, before: readonly string[], last: string): string[] {
  const action = command.commands?.find((candidate) => candidate.name === before[0]);
  if (action !== undefined) return completeCommand(action, before.slice(1), last);
  const options = shownOptions(command);
  const previous = before.at(-1) ?? "";
  const valued = options.find((option) => option.type !== "flag" && spellings(option).includes(previous));
  if (valued !== undefined) return completeValue(valued, last);
  if (last.startsWith("-"))
    return withBlank(options.flatMap(spellings).filter((word) => word.startsWith(last)));
  const actions = before.length === 0 ? (command.commands ?? []).map((candidate) => candidate.name) : [];
  const choices = (command.arguments ?? []).flatMap((argument) => argument.choices ?? []);
  const offered = [...actions, ...choices, ...(last === "" ? options.flatMap(spellings) : [])];
  return withBlank(offered.filter((word) => word.startsWith(last)));
}

function completeValue(option: Option, last: string): string[] {
  if (option.choices !== undefined)
    return withBlank(option.choices.filter((choice) => choice.startsWith(last)));
  if (option.type === "integer") return Array.from({ length: 10 }, (_, digit) => `${last}${digit}`);
  if (typeof option.default === "string") return [...withBlank(["-h", "--help"]), `'${option.default}'`];
  if (option.value === "VERSION") return [...withBlank(["-h", "--help"]), "__versions__"];
  if (option.type === "directory") return [...withBlank(["-h", "--help"]), "__dirs__"];
  if (option.completes === "files") return [...withBlank(["-h", "--help"]), "__files__"];
  return [];
}

function spellings(option: Option): string[] {
  const long = [option.name, ...(option.aliases ?? [])].map((name) => `--${name}`);
  return option.short === undefined ? long : [`-${option.short}`, ...long];
}

function withBlank(words: readonly string[]): string[] {
  return words.map((word) => `${word} `);
}
