import type { Command } from "@scap/cli";
import { keepHeapSmall } from "../keep-heap-small.ts";
import { limitHosts, LOCK_TIMEOUT } from "./common-options.ts";

/** `scap install-world`. */
export const installWorld: Command = {
  name: "install-world",
  summary: "Install what targets need, ahead of deployments",
  description: `Puts deploy-local, and a Node where a host has none that fits, into the cache of the ssh user on every host of
scap_targets, or else on the targets of this checkout. A deployment does the same for its hosts when it has to; after this
it does not have to. Hosts that have everything are sent nothing.

Other versions come from packages as 'npm pack scap@VERSION' makes them: those in the directory of option scap_packages, or
the one that --from names. So hosts can have the next version before the deploy servers are upgraded to it. What the
deploy server's own version needs, and what a host runs from, is never removed.`,
  deployServerOnly: true,
  options: [
    {
      name: "version",
      short: "v",
      type: "string",
      value: "VERSION",
      default: "latest",
      summary: "version to install; latest is that of this command",
    },
    {
      name: "from",
      type: "string",
      value: "PACKAGE",
      completes: "files",
      summary: "install from this package of scap: a tarball or a directory",
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
    {
      name: "remove",
      type: "string",
      value: "VERSION",
      repeat: true,
      summary: "remove a version instead (repeatable)",
    },
    {
      name: "keep",
      type: "integer",
      value: "N",
      summary: "remove all but the newest N versions, this command's among them",
    },
    { name: "yes", short: "y", type: "flag", summary: "do not ask for confirmation" },
    { name: "json", type: "flag", summary: "print one JSON object" },
    LOCK_TIMEOUT,
  ],
  examples: [
    { command: "scap install-world -y", explains: "Install this version on all hosts" },
    { command: "scap install-world --list", explains: "Which versions are where" },
    {
      command: "scap install-world --version 1.4.0 -l 'web[1:9]'",
      explains: "Another version on some hosts",
    },
    { command: "scap install-world --keep 2 -y", explains: "Free the room of older versions" },
  ],
  handler: () => keepHeapSmall(async () => (await import("../run/install-world.ts")).runInstallWorld),
};
