import { SHELLS, type Command } from "@scap/cli";

/** `scap completion`. */
export const completion: Command = {
  name: "completion",
  summary: "Print a completion script for your shell",
  description: `The script knows commands, options and choices by itself. Hosts, groups, revisions, environments,
configuration options with their values, log files and kept runs are looked up in the checkout where you stand while you type.`,
  arguments: [{ name: "shell", summary: "shell to complete in", count: "one", choices: SHELLS }],
  examples: [
    { command: "source <(scap completion bash)", explains: "In this shell only" },
    {
      command: "scap completion fish > ~/.config/fish/completions/scap.fish",
      explains: "For good; with bash: /etc/bash_completion.d/scap, with zsh: a file _scap in $fpath",
    },
  ],
  handler: async () => (await import("../run/completion.ts")).runCompletion,
};

/** What completion scripts ask for values; prints nothing where there is nothing to offer. */
export const completeValues: Command = {
  name: "complete-values",
  summary: "Print what completion offers for a kind of value",
  hidden: true,
  arguments: [
    {
      name: "kind",
      summary:
        "hosts, host-sets, lab-hosts, groups, revisions, environments, options, definitions, logs or runs",
      count: "one",
    },
  ],
  examples: [
    { command: "scap complete-values hosts", explains: "Hosts of this checkout's groups" },
    { command: "scap complete-values revisions", explains: "Branches and tags, the newest first" },
  ],
  handler: async () => (await import("../run/complete-values.ts")).runCompleteValues,
};
