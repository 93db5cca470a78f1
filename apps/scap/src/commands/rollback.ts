import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts, LOCK_TIMEOUT } from "./common-options.ts";

/** `scap rollback`. */
export const rollback: Command = {
  name: "rollback",
  summary: "Go back to the last good revision on the targets",
  description: `Hosts remember which revisions were finalized on them. This asks them, chooses the good one that was live before
the present one on most hosts, and switches to it: code, rendered configuration and services, with the checks of promote.
Nothing is fetched. The revision that is left is marked as bad. Hosts that do not have the other one are listed and
left alone; the command fails then.`,
  deployServerOnly: true,
  isLong: true,
  arguments: [
    { name: "message", summary: "why you roll back; goes into the log and the announcements", count: "any" },
  ],
  options: [
    {
      name: "to",
      type: "string",
      value: "REV",
      completes: "revisions",
      summary: "go back to this revision instead",
    },
    { name: "list", type: "flag", summary: "show which revisions the hosts have, and stop" },
    { name: "plan", type: "flag", summary: "show what would happen where, and stop" },
    limitHosts("only on hosts that match"),
    {
      name: "allow-bad",
      type: "flag",
      summary: "go to the revision although hosts marked it as bad; without it you are asked",
    },
    { name: "json", type: "flag", summary: "print the list, or every event as one JSON object a line" },
    { name: "yes", short: "y", type: "flag", summary: "do not ask" },
    LOCK_TIMEOUT,
  ],
  examples: [
    { command: "scap rollback 'login fails'", explains: "Back to the last good revision everywhere" },
    { command: "scap rollback --list", explains: "See what the hosts could go back to" },
    { command: "scap rollback --to v1.4 -l 'web*'", explains: "Back to v1.4 on some hosts" },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/rollback.ts")).runRollback),
};
