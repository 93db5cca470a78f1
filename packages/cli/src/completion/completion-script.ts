import type { Command } from "../command.ts";
import { bashCompletion } from "./bash-completion.ts";
import { completionEntries } from "./completion-entry.ts";
import { fishCompletion } from "./fish-completion.ts";
import { bashPaths, zshPaths, zshRegistration } from "./path-completion.ts";

/** Shells that a completion script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/**
 * A completion script: it knows commands, options and choices by itself, and asks the program's hidden command
 * `complete-values` only for values such as hosts.
 */
export function completionScript(commands: readonly Command[], program: string, shell: Shell): string {
  const entries = completionEntries(commands);
  switch (shell) {
    case "bash":
      return bashPaths(program) + bashCompletion(entries, program);
    case "zsh":
      return [
        `#compdef ${program}\nautoload -U +X bashcompinit && bashcompinit\n`,
        zshPaths(program),
        bashCompletion(entries, program),
        zshRegistration(program),
      ].join("");
    case "fish":
      return fishCompletion(entries, program);
  }
}
