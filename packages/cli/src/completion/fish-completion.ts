import type { Completes } from "../command.ts";
import {
  identifier,
  quoted,
  type CompletedOption,
  type CompletedValue,
  type CompletionEntry,
} from "./completion-entry.ts";

/** A completion script for fish; see {@link bashCompletion} for where values come from. */
export function fishCompletion(entries: readonly CompletionEntry[], program: string): string {
  const at = `__${identifier(program)}_at`;
  const head = `function ${at}
  set -l words (commandline -opc)
  set -e words[1]
  set -l wanted (string split ' ' -- $argv[1])
  set -l count (count $wanted)
  test (count $words) -ge $count; or return 1
  test "$words[1..$count]" = "$argv[1]"; or return 1
  # With a second argument: one of these must be no action that follows.
  test (count $argv) -lt 2; or not contains -- "$words["(math $count + 1)"]" $argv[2..]
end
function ${definitions(program)}
  set -l parts (string split -m 1 : -- (commandline -ct | string replace -r '^--?\\w+=' ''))
  # The value of a configuration option may be a path.
  if string match -qr '^[./]' -- "$parts[2]"
    for path in (__fish_complete_path $parts[2])
      echo $parts[1]:$path
    end
  else
    ${program} complete-values definitions 2>/dev/null
  end
end
complete -c ${program} -f
`;
  const top = entries.filter(({ path }) => !path.includes(" "));
  const commands = top.map(
    ({ path, summary }) =>
      `complete -c ${program} -n __fish_use_subcommand -a ${path} -d ${quoted(summary)}\n`,
  );
  return head + commands.join("") + entries.map((entry) => linesOf(entry, program, at, entries)).join("");
}

function linesOf(
  entry: CompletionEntry,
  program: string,
  at: string,
  entries: readonly CompletionEntry[],
): string {
  const condition = `-n ${quoted([at, quoted(entry.path), ...entry.actions].join(" "))}`;
  const actions = entry.actions.map((action) => {
    const summary = entries.find(({ path }) => path === `${entry.path} ${action}`)?.summary ?? "";
    return `complete -c ${program} ${condition} -a ${action} -d ${quoted(summary)}\n`;
  });
  const options = entry.options.map(
    (option) => `complete -c ${program} ${condition}${optionOf(option, program)}\n`,
  );
  const words = wordsOf(entry.positional, program);
  const positional = words === "" ? "" : `complete -c ${program} ${condition}${words}\n`;
  return actions.join("") + options.join("") + positional;
}

function optionOf({ option, value }: CompletedOption, program: string): string {
  const short = option.short === undefined ? "" : ` -s ${option.short}`;
  const long = [option.name, ...(option.aliases ?? [])].map((name) => ` -l ${name}`).join("");
  const takes = value?.kind === "files" ? " -r" : " -x";
  const words = value === undefined ? "" : `${takes}${wordsOf(value, program)}`;
  return `${short}${long}${words} -d ${quoted(option.summary)}`;
}

function wordsOf({ choices, kind }: CompletedValue, program: string): string {
  if (choices.length > 0) return ` -a ${quoted(choices.map(asOneWord).join(" "))}`;
  if (kind === undefined) return "";
  if (kind === "files") return " -F";
  return ` -a ${quoted(`(${sourceOf(kind, program)})`)}`;
}

function sourceOf(kind: Exclude<Completes, "files">, program: string): string {
  if (kind === "directories") return "__fish_complete_directories";
  if (kind === "definitions") return definitions(program);
  const values = `${program} complete-values ${kind} 2>/dev/null`;
  // Several hosts are one word.
  return kind === "hosts" || kind === "host-sets" ? `__fish_complete_list , "${values}"` : values;
}

function definitions(program: string): string {
  return `__${identifier(program)}_definitions`;
}

/** fish parts a list of candidates at blanks. */
function asOneWord(choice: string): string {
  return choice.includes(" ") ? quoted(choice) : choice;
}
