import type { Check } from "../check.ts";
import type { CheckAction, CheckType } from "../check-type.ts";
import { runProcess } from "../run-process.ts";
import { splitWords } from "../split-words.ts";

/** Runs `command`, split into words, or through `/bin/sh -c` with `shell: true`. */
export const commandType: CheckType = {
  name: "command",
  summary: "run a command on the target",
  options: [],
  validate: (check) => (check.command === "" ? ["there is no command"] : commandProblems(check)),
  prepare(check) {
    if (check.command === "") throw new Error("there is no command");
    return runCommandLine(check.command, check);
  },
};

/**
 * An action that runs a command line. A line that cannot be split fails when it runs, so that the other checks
 * still run.
 */
export function runCommandLine(commandLine: string, check: Pick<Check, "shell">): CheckAction {
  if (check.shell) return (context) => runProcess(["/bin/sh", "-c", commandLine], context);
  return (context) => {
    let words;
    try {
      words = splitWords(commandLine);
    } catch (error) {
      const reason = `the command cannot be split into words: ${error instanceof Error ? error.message : String(error)}`;
      return Promise.resolve({ status: "failed", exitCode: undefined, output: "", reason });
    }
    return runProcess(words, context);
  };
}

function commandProblems(check: Check): string[] {
  if (check.shell) return [];
  try {
    return splitWords(check.command).length === 0 ? ["the command is blank"] : [];
  } catch (error) {
    return [
      `the command cannot be split into words: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}
