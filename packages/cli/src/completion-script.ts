import type { Command } from "./command.ts";
import { allOptions } from "./parse-arguments.ts";

/** Shells that a completion script can be made for. */
export type Shell = "bash" | "zsh" | "fish";

/** A static completion script: it knows commands and options by itself and asks nobody while the user types. */
export function completionScript(commands: readonly Command[], program: string, shell: Shell): string {
  const visible = commands.filter((command) => command.hidden !== true);
  switch (shell) {
    case "bash":
      return bash(visible, program);
    case "zsh":
      return `#compdef ${program}\nautoload -U +X bashcompinit && bashcompinit\n${bash(visible, program)}`;
    case "fish":
      return fish(visible, program);
  }
}

function bash(commands: readonly Command[], program: string): string {
  const cases = commands.map(
    (command) => `    ${command.name}) words=${quote(wordsOf(command).join(" "))} ;;`,
  );
  return `_${identifier(program)}() {
  local words="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote(commands.map((command) => command.name).join(" "))} -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${identifier(program)} ${program}
`;
}

function fish(commands: readonly Command[], program: string): string {
  const names = commands.map(
    (command) =>
      `complete -c ${program} -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
  );
  const options = commands.flatMap((command) =>
    allOptions(command).map((option) => {
      const short = option.short === undefined ? "" : ` -s ${option.short}`;
      const value = option.type === "flag" ? "" : " -r";
      const seen = quote(`__fish_seen_subcommand_from ${command.name}`);
      return `complete -c ${program} -n ${seen}${short} -l ${option.name}${value} -d ${quote(option.summary)}`;
    }),
  );
  return `${[...names, ...options].join("\n")}\n`;
}

function wordsOf(command: Command): string[] {
  const options = allOptions(command).flatMap((option) => [
    `--${option.name}`,
    ...(option.short === undefined ? [] : [`-${option.short}`]),
  ]);
  const actions = (command.commands ?? []).map((action) => action.name);
  return [...actions, ...(command.arguments ?? []).flatMap((argument) => argument.choices ?? []), ...options];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function identifier(program: string): string {
  return program.replaceAll(/\W/g, "_");
}
