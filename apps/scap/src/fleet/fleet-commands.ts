import { readFile } from "node:fs/promises";
import { UsageError } from "@scap/cli";
import { posixScript, shellText } from "@scap/ssh-job";
import type { FleetCommand } from "./fleet-options.ts";
import { readingFailure } from "../reading-failure.ts";

// A file of its own, so that its first line decides what runs it, as for a local script.
const RUN_SCRIPT = 'f=$(mktemp) || exit; cat > "$f" && chmod 700 "$f" && "$f"; s=$?; rm -f "$f"; exit $s';

/**
 * Commands as people type them, and a script file after them.
 *
 * @throws UsageError for an empty command, or a script that cannot be read
 */
export async function fleetCommands(
  texts: readonly string[],
  script: string | undefined,
): Promise<FleetCommand[]> {
  const commands: FleetCommand[] = texts.map((text) => {
    if (text.trim() === "") throw new UsageError("A command is empty");
    if (hasOpenQuote(text)) throw new UsageError(`A quote is not closed in: ${text}`);
    return { text, command: shellText(text) };
  });
  if (script === undefined) return commands;
  const stdin = await readFile(script).catch((error: unknown) => {
    throw new UsageError(`Cannot read --script ${script}: ${readingFailure(error)}`);
  });
  return [...commands, { text: script, command: posixScript(RUN_SCRIPT), stdin }];
}

/** Comments and here-documents may hold single quotes; only the shells of the hosts can tell then. */
function hasOpenQuote(text: string): boolean {
  if (/#|<</.test(text)) return false;
  return /['"]/.test(
    text.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, (part) => (part.startsWith("\\") ? "" : "_")),
  );
}
