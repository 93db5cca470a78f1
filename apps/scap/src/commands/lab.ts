import type { Command } from "@scap/cli";

/** `scap lab`. */
export const lab: Command = {
  name: "lab",
  summary: "Start a fleet of SSH hosts on this machine to try things on",
  description: `Embedded hosts are SSH servers in one process, each with a private directory tree; they need no root.
Real hosts (--real) are sshd processes in network namespaces of their own and need root. Nothing leaves the machine.`,
  commands: [
    {
      name: "up",
      summary: "Start N hosts, web1 to webN, in the background",
      arguments: [{ name: "count", summary: "how many hosts", count: "one" }],
      options: [{ name: "real", type: "flag", summary: "use real sshd in network namespaces (root)" }],
      examples: [
        { command: "scap lab up 3", explains: "Start web1, web2 and web3" },
        { command: "scap lab up 20 --real", explains: "Twenty real sshd, as root" },
      ],
      handler: async () => (await import("../run/lab.ts")).runLabUp,
    },
    {
      name: "down",
      summary: "Stop the hosts and remove everything of them",
      examples: [
        { command: "scap lab down", explains: "Also after a crash" },
        { command: "scap lab down && scap lab up 3", explains: "Start afresh" },
      ],
      handler: async () => (await import("../run/lab.ts")).runLabDown,
    },
    {
      name: "ls",
      summary: "List the hosts and how to reach them",
      options: [{ name: "json", type: "flag", summary: "print one JSON object" }],
      examples: [
        { command: "scap lab ls", explains: "Names and addresses" },
        { command: "scap lab ls --json", explains: "For scripts" },
      ],
      handler: async () => (await import("../run/lab.ts")).runLabList,
    },
    {
      name: "shell",
      summary: "Open a shell on a host, or run a command there",
      arguments: [
        { name: "host", summary: "name of the host", count: "one", completes: "lab-hosts" },
        { name: "command", summary: "command to run instead of a shell", count: "any" },
      ],
      examples: [
        { command: "scap lab shell web1", explains: "Look around" },
        { command: "scap lab shell web1 -- ls -l /srv", explains: "Run one command" },
      ],
      handler: async () => (await import("../run/lab.ts")).runLabShell,
    },
  ],
  examples: [
    { command: "scap lab up 3", explains: "Start a fleet of three hosts" },
    { command: "scap lab shell web1", explains: "Look around on one of them" },
  ],
};
