import type { Invocation } from "@scap/cli";
import type { DeployQuestions } from "@scap/deploy";
import { foldHosts } from "@scap/targets";

const AFTER_GROUP = { y: "continue", n: "stop", c: "continue-all" } as const;

/** Asks the user on the terminal. Without one: go on, and roll back what failed. */
export function deployQuestions({ options, prompt }: Invocation): DeployQuestions {
  return {
    continueAfter: async (label, next) => {
      if (options.flag("yes")) return "continue-all";
      const key = await prompt.choose(
        `${label} is done. Continue with ${next}?`,
        [
          { key: "y", label: "Continue" },
          { key: "n", label: "Stop here" },
          { key: "c", label: "Continue, and do not ask again" },
        ],
        { default: "y" },
      );
      return AFTER_GROUP[key as keyof typeof AFTER_GROUP]; // the prompter only returns keys that it was given
    },
    rollBack: (reason, hosts) =>
      prompt.confirm(`${reason}. Roll back all deployed groups (${foldHosts(hosts)})?`, { default: true }),
  };
}
