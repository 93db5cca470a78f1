import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts } from "./common-options.ts";

/** `scap status`. */
export const status: Command = {
  name: "status",
  summary: "Show what is live on the targets, and what is not as it was deployed",
  description: `Asks every target of this checkout in one round trip and folds equal answers. Changes nothing, and needs
only a shell and git there. Exit status 1 when hosts differ, cannot be asked, or have drifted: files edited in the live
tree, rendered configuration changed, processes still running from an older revision.`,
  options: [
    limitHosts("ask only hosts that match"),
    {
      name: "diff",
      type: "flag",
      summary: "show how rendered config files differ from what was deployed (starts a worker on each host)",
    },
    { name: "show-secrets", type: "flag", summary: "with --diff: do not mask values of remote_vars" },
    { name: "json", type: "flag", summary: "print one JSON object" },
  ],
  examples: [
    { command: "scap status", explains: "Revisions of all groups" },
    { command: "scap status --diff", explains: "What was changed in configuration files by hand" },
    { command: "scap status -l 'web*' --json", explains: "For scripts" },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/status.ts")).runStatus),
};
