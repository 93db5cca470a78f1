import type { Command } from "@scap/cli";

/** `scap version`. */
export const version: Command = {
  name: "version",
  summary: "Print the version number",
  examples: [{ command: "scap version", explains: "Print the version of this command" }],
  handler: async () => (await import("../run/version.ts")).runVersion,
};
