import { completionScript, EXIT, SHELLS, type Invocation, type Shell } from "@scap/cli";
import { COMMANDS } from "../commands/index.ts";
import { withPluginCommands } from "../plugins/plugin-commands.ts";

/** `scap completion`. */
export async function runCompletion(invocation: Invocation): Promise<number> {
  const shell = invocation.word("shell");
  const commands = await withPluginCommands(COMMANDS, invocation);
  if (isShell(shell)) invocation.stdout.write(completionScript(commands, "scap", shell));
  return EXIT.ok;
}

function isShell(word: string | undefined): word is Shell {
  return (SHELLS as readonly (string | undefined)[]).includes(word);
}
