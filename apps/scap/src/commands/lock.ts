import type { Command } from "@scap/cli";
import { LOCK_TIMEOUT } from "./common-options.ts";

/** `scap lock`. */
export const lock: Command = {
  name: "lock",
  summary: "Keep deployments away for a while, or show who does",
  description: `Locks this repository (git_repo), or the MediaWiki staging tree outside of one, until you press Enter.
With --all nobody can deploy anything. --status shows every lock with its holders and those who wait.`,
  deployServerOnly: true,
  isLong: true,
  arguments: [{ name: "message", summary: "why; others read it while they wait", count: "any" }],
  options: [
    { name: "all", type: "flag", summary: "lock all repositories" },
    {
      name: "unlock-all",
      type: "flag",
      summary: "ask the holder of the lock of all repositories to give it up",
    },
    { name: "yes", short: "y", type: "flag", summary: "with --unlock-all: do not ask" },
    { name: "bg", type: "flag", summary: "keep the lock in the background (with --all, --for or --until)" },
    { name: "for", type: "string", value: "TIME", summary: "unlock after this time: 90s, 10m, 2h" },
    { name: "until", type: "string", value: "TIME", summary: "unlock at this time: 17:30, 2031-04-05T17:30" },
    {
      name: "wait-stdin",
      type: "flag",
      summary: "wait for the end of standard input when it is no terminal",
    },
    LOCK_TIMEOUT,
    { name: "status", type: "flag", summary: "show all locks and take none" },
    { name: "json", type: "flag", summary: "with --status or --unlock-all: print one JSON object" },
    { name: "held-for-parent", type: "flag", summary: "be the background process of --bg", hidden: true },
  ],
  examples: [
    {
      command: "scap lock 'database maintenance' --for 30m",
      explains: "Nobody deploys this repository for 30 minutes",
    },
    { command: "scap lock --status", explains: "Who holds or wants which lock" },
  ],
  handler: async () => (await import("../run/lock.ts")).runLock,
};
