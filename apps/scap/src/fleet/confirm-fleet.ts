import { hasCode, type Invocation, UsageError } from "@scap/cli";

/** Tries before a missing answer counts as no. */
const TRIES = 10;

/**
 * Lets a person type the number of hosts, which nobody does by accident.
 *
 * @returns false when they decline
 * @throws UsageError without a terminal to answer on
 */
export async function confirmFleet(invocation: Invocation, hosts: readonly string[]): Promise<boolean> {
  const { options, prompt, stderr } = invocation;
  if (options.flag("yes") || (options.flag("safe") && hosts.length === 1)) return true;
  if (!prompt.isInteractive) {
    throw new UsageError(
      `Nobody can confirm a run on ${hosts.length} ${hosts.length === 1 ? "host" : "hosts"} here`,
      "Add --yes to run it without asking.",
    );
  }
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const question = `Type the number of hosts (${hosts.length}) to go on, or q to leave:`;
    const answer = await prompt.ask(question).catch(endOfInput);
    if (answer === String(hosts.length)) return true;
    if (answer === "q") return false;
    stderr.write(`That is neither ${hosts.length} nor q.\n`);
  }
  return false;
}

/** Ctrl-D is an answer, too. The prompter is of another bundle, so its errors are told by their code. */
function endOfInput(error: unknown): string {
  if (hasCode(error, "NO_ANSWER")) return "q";
  throw error;
}
