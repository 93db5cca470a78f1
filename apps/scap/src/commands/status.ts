import type { Command } from "@scap/cli";

/** `scap status`. */
export const status: Command = {
  name: "status",
  summary: "Show which revision is live on the targets",
  description:
    "Asks every target of this checkout in one round trip and folds equal answers. Changes nothing.",
  options: [
    {
      name: "limit-hosts",
      short: "l",
      type: "string",
      value: "PATTERN",
      repeat: true,
      completes: "hosts",
      summary: "ask only hosts that match",
    },
    { name: "json", type: "flag", summary: "print one JSON object" },
  ],
  examples: [
    { command: "scap status", explains: "Revisions of all groups" },
    { command: "scap status -l 'web*' --json", explains: "For scripts" },
  ],
  handler: async () => (await import("../run/status.ts")).runStatus,
};
