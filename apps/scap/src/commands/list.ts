import type { Command } from "@scap/cli";

/** `scap list`. */
export const list: Command = {
  name: "list",
  summary: "List the commands with what they are for",
  options: [
    { name: "all", short: "a", type: "flag", summary: "also hidden commands" },
    { name: "json", type: "flag", summary: "print one JSON object with arguments and options too" },
  ],
  examples: [
    { command: "scap list", explains: "Commands and their actions, one a line" },
    { command: "scap list --json | jq -r '.commands[].name'", explains: "Names, for scripts" },
  ],
  handler: async () => (await import("../run/list.ts")).runList,
};
