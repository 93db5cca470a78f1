import { hasCode, type Invocation } from "@scap/cli";
import type { AnswerLimit, BadRevisionQuestion, DeployQuestions } from "@scap/deploy";
import { foldHosts } from "@scap/targets";

const AFTER_GROUP = { y: "continue", n: "stop", c: "continue-all" } as const;

/** Asks the user on the terminal. Without one: go on, roll back what failed, and refuse what is marked as bad. */
export function deployQuestions({
  options,
  prompt,
  stderr,
}: Invocation): DeployQuestions & BadRevisionQuestion {
  return {
    continueAfter: async (label, next, limit) => {
      if (options.flag("yes")) return "continue-all";
      const asked = prompt.choose(
        `${label} is done.${deadline(limit)} Continue with ${next}?`,
        [
          { key: "y", label: "Continue" },
          { key: "n", label: "Stop here" },
          { key: "c", label: "Continue, and do not ask again" },
        ],
        { default: "y", signal: limit?.tooLate },
      );
      const key = await unlessEnded(asked, "n", limit);
      if (key === "unanswered") {
        stderr.write(`\nNobody answered in time, so ${label} goes back\n`);
        return key;
      }
      return AFTER_GROUP[key as keyof typeof AFTER_GROUP]; // the prompter only returns keys that it was given
    },
    rollBack: (reason, hosts, limit) => {
      const question = `${reason}. Roll back all deployed groups (${foldHosts(hosts)})?`;
      const asked = prompt.confirm(question, { default: true, signal: limit?.tooLate });
      return unlessEnded(asked, false, limit);
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
function deadline(limit: AnswerLimit | undefined): string {
  if (limit === undefined) return "";
  return ` Its hosts go back in ${Math.floor(limit.timeMs / 1000)} s unless you answer.`;
}

/** Ctrl-C at a question is an answer too: the one that does least. */
async function unlessEnded<T>(
  answer: Promise<T>,
  otherwise: T,
  limit?: AnswerLimit,
): Promise<T | "unanswered"> {
  try {
    return await answer;
  } catch (error) {
    // The prompter is of another bundle, so its errors are told by their code.
    if (limit?.tooLate.aborted === true && hasCode(error, "NO_ANSWER")) return "unanswered";
    if (hasCode(error, "INTERRUPTED")) return otherwise;
    throw error;
  }
}
