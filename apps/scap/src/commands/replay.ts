import type { Command } from "@scap/cli";

/** `scap replay`. */
export const replay: Command = {
  name: "replay",
  summary: "Play a deployment's log in the terminal as it was live",
  description: `On a terminal: space pauses, the right and left arrows skip 10 seconds on or back, + and - change the speed,
q quits. In a pipe nothing waits, unless --speed says so. With EXPR, a filter as for deploy-log, the matching records are
shown instead of the progress.`,
  arguments: [
    {
      name: "file",
      summary: "log file (.gz too, .zst from Node.js 22.15; - is standard input)",
      count: "one",
      completes: "logs",
    },
    { name: "expr", summary: "filter expression", count: "optional" },
  ],
  options: [
    {
      name: "speed",
      type: "string",
      value: "N",
      summary: "N times as fast as it was, or max (default: 1 on a terminal, else max)",
    },
    {
      name: "from",
      aliases: ["seek"],
      type: "string",
      value: "WHEN",
      summary: "start at WHEN: 90s or 10m after the start, HH:MM[:SS], or an ISO date",
    },
    { name: "until", type: "string", value: "WHEN", summary: "end at WHEN" },
  ],
  examples: [
    {
      command: "scap replay scap/log/scap-sync-2031-04-05-0001.log --speed 10",
      explains: "Watch it ten times as fast",
    },
    {
      command: "scap replay last.log 'host == web1' --from 5m",
      explains: "What web1 said from the fifth minute on",
    },
  ],
  handler: async () => (await import("../run/replay.ts")).runReplay,
};
