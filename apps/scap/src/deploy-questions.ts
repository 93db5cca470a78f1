import { CliError, type Invocation } from "@scap/cli";
import type { DeployQuestions } from "@scap/deploy";
import { foldHosts } from "@scap/targets";

const AFTER_GROUP = { y: "continue", n: "stop", c: "continue-all" } as const;

/** Asks the user on the terminal. Without one: go on, and roll back what failed. */
export function deployQuestions({ options, prompt }: Invocation): DeployQuestions {
  return {
    continueAfter: async (label, next) => {
      if (options.flag("yes")) return "continue-all";
      const asked = prompt.choose(
        `${label} is done. Continue with ${next}?`,
        [
          { key: "y", label: "Continue" },
          { key: "n", label: "Stop here" },
          { key: "c", label: "Continue, and do not ask again" },
        ],
        { default: "y" },
      );
      const key = await unlessStopped(asked, "n");
      return AFTER_GROUP[key as keyof typeof AFTER_GROUP]; // the prompter only returns keys that it was given
    },
    rollBack: (reason, hosts) => {
      const question = `${reason}. Roll back all deployed groups (${foldHosts(hosts)})?`;
      return unlessStopped(prompt.confirm(question, { default: true }), false);
    },
  };
}

/** Ctrl-C at a question is an answer too: the one that does least. */
async function unlessStopped<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CliError && error.code === "INTERRUPTED") return otherwise;
    throw error;
  }
}
