import type { Command } from "@scap/cli";

/** `scap history`. */
export const history: Command = {
  name: "history",
  summary: "List earlier deployments: who, what, when, how they ended",
  description: `Reads the logs in scap/log of this repository, and its deploy tags for deployments that have no log; asks no
host. A deployment without an outcome is still running, or its deploy server went away.`,
  options: [
    {
      name: "limit",
      short: "n",
      type: "integer",
      value: "N",
      default: 20,
      summary: "most deployments to list",
    },
    {
      name: "group",
      short: "g",
      type: "string",
      value: "NAME",
      repeat: true,
      completes: "groups",
      summary: "only deployments to this group of hosts (repeatable: any of them)",
    },
    { name: "utc", type: "flag", summary: "show times in UTC" },
    { name: "json", type: "flag", summary: "print one JSON object a deployment, one a line" },
  ],
  examples: [
    { command: "scap history -n 5", explains: "The last five deployments" },
    {
      command: "scap history -g canary --json",
      explains: "Those that reached for the canaries, for scripts",
    },
  ],
  handler: async () => (await import("../run/history.ts")).runHistory,
};
