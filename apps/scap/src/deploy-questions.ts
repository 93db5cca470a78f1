import { CliError, type Invocation } from "@scap/cli";
import type { BadRevisionQuestion, DeployQuestions } from "@scap/deploy";
import { foldHosts } from "@scap/targets";

const AFTER_GROUP = { y: "continue", n: "stop", c: "continue-all" } as const;

/** Asks the user on the terminal. Without one: go on, roll back what failed, and refuse what is marked as bad. */
export function deployQuestions({ options, prompt }: Invocation): DeployQuestions & BadRevisionQuestion {
  return {
    continueAfter: async (label, next, tooLate) => {
      if (options.flag("yes")) return "continue-all";
      const asked = prompt.choose(
        `${label} is done.${deadline(tooLate)} Continue with ${next}?`,
        [
          { key: "y", label: "Continue" },
          { key: "n", label: "Stop here" },
          { key: "c", label: "Continue, and do not ask again" },
        ],
        { default: "y", signal: tooLate },
      );
      const key = await unlessEnded(asked, "n", tooLate);
      if (key === "unanswered") return key;
      return AFTER_GROUP[key as keyof typeof AFTER_GROUP]; // the prompter only returns keys that it was given
    },
    rollBack: (reason, hosts, tooLate) => {
      const question = `${reason}. Roll back all deployed groups (${foldHosts(hosts)})?`;
      const asked = prompt.confirm(question, { default: true, signal: tooLate });
      return unlessEnded(asked, false, tooLate);
    },
    useBad: async (host, reason) => {
      if (!prompt.isInteractive) return false;
      const question = `${host} marked this revision as bad: ${reason}. Deploy it all the same?`;
      const answer = await unlessEnded(prompt.confirm(question, { default: false }), false);
      return answer === true;
    },
  };
}

/** Somebody who reads the question later should know why it was given up. */
function deadline(tooLate: AbortSignal | undefined): string {
  return tooLate === undefined ? "" : " Its hosts go back by themselves unless you answer in time.";
}

/** Ctrl-C at a question is an answer too: the one that does least. */
async function unlessEnded<T>(
  answer: Promise<T>,
  otherwise: T,
  tooLate?: AbortSignal,
): Promise<T | "unanswered"> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (tooLate?.aborted === true && error.code === "NO_ANSWER") return "unanswered";
    if (error.code === "INTERRUPTED") return otherwise;
    throw error;
  }
}
