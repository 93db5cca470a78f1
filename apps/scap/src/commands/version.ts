import type { Command } from "@scap/cli";
import { printVersion } from "../print-version.ts";

/** `scap version`. */
export const version: Command = {
  name: "version",
  summary: "Print the version number",
  examples: [
    { command: "scap version", explains: "Print the version of this command" },
    {
      command: "scap version -c scap.cfg",
      explains: "Also a quick test whether a configuration can be read",
    },
  ],
  // Not loaded on demand as others are: reading further files takes longer than all that this command does.
  handler: async () => printVersion,
};
