import type { Command } from "@scap/cli";

/** `scap say`. */
export const say: Command = {
  name: "say",
  summary: "Print text in a speech box",
  hidden: true,
  arguments: [
    { name: "propaganda", summary: "what to say; default: standard input, else a joke", count: "any" },
  ],
  options: [
    {
      name: "width",
      short: "W",
      type: "integer",
      value: "N",
      summary: "width of the box (default: 50 at most)",
    },
    { name: "eyes", short: "e", type: "string", value: "XX", summary: "the two characters of the eyes" },
    { name: "no-wrap", short: "n", type: "flag", summary: "one line for each word given" },
    { name: "color", short: "c", type: "flag", summary: "in colour, also without a terminal" },
  ],
  examples: [
    { command: "scap say 'ready to deploy'", explains: "A word from the tool" },
    { command: "git log -1 --format=%s | scap say -W 70", explains: "What the last commit is about" },
  ],
  handler: async () => (await import("../run/say.ts")).runSay,
};
