import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts, LOCK_TIMEOUT } from "./common-options.ts";

/** `scap install-world`. */
export const installWorld: Command = {
  name: "install-world",
  summary: "Install what targets need, ahead of deployments",
  description: `Puts deploy-local, and a Node where a host has none that fits, into the cache of the ssh user on every host of
scap_targets, or else on the targets of this checkout. A deployment does the same for its hosts when it has to; after this
it does not have to. Hosts that have everything are sent nothing.`,
  deployServerOnly: true,
  options: [
    {
      name: "version",
      short: "v",
      type: "string",
      value: "VERSION",
      default: "latest",
      summary: "version to install: that of this command",
    },
    limitHosts("only hosts that match (default: all)"),
    {
      name: "exclude-hosts",
      short: "x",
      type: "string",
      value: "REGEX",
      summary: "without hosts whose names start like this",
    },
    { name: "list", type: "flag", summary: "show which versions are installed where; change nothing" },
    { name: "remove-old", type: "flag", summary: "remove everything that does not belong to the version" },
    { name: "yes", short: "y", type: "flag", summary: "do not ask for confirmation" },
    { name: "json", type: "flag", summary: "print one JSON object" },
    LOCK_TIMEOUT,
  ],
  examples: [
    { command: "scap install-world -y", explains: "Install this version on all hosts" },
    { command: "scap install-world --list", explains: "Which versions are where" },
    { command: "scap install-world --remove-old -l 'web[1:9]'", explains: "Free the room of older versions" },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/install-world.ts")).runInstallWorld),
};
