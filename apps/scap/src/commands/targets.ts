import type { Argument, Command, Option } from "@scap/cli";
import { limitHosts } from "./common-options.ts";

const EXPRESSION: Argument = {
  name: "expr",
  summary: "host set such as web[1-3,7]!web2",
  count: "many",
  completes: "hosts",
};
const MAX_HOSTS: Option = {
  name: "max-hosts",
  type: "integer",
  value: "N",
  default: 100_000,
  summary: "most hosts to write out",
};

/** `scap targets`. */
export const targets: Command = {
  name: "targets",
  summary: "List the targets of this checkout, and work with sets of hosts",
  description: `A set of hosts is written web[1-3,7],db1: a comma joins, ! takes away, & keeps what is in both, ^ what is
in one of the two, strictly from left to right.`,
  commands: [
    {
      name: "list",
      summary: "Show the groups, subgroups and failure limits that a deployment would use",
      options: [
        limitHosts("only hosts that match, such as web1, web[1:3], *.dc1, !web9, ~regex"),
        {
          name: "exclude-hosts",
          short: "x",
          type: "string",
          value: "REGEX",
          summary: "without hosts whose names start like this",
        },
        {
          name: "list",
          type: "string",
          value: "OPTION",
          default: "dsh_targets",
          completes: "options",
          summary: "option that names the host list",
        },
        {
          name: "fqdn",
          type: "string",
          value: "NAME",
          completes: "hosts",
          summary: "read sections as this host would",
        },
        { name: "json", type: "flag", summary: "print one JSON object" },
      ],
      examples: [
        { command: "scap targets list", explains: "Who would be deployed to, in which order" },
        { command: "scap targets list -l 'web[1:3]' --json", explains: "Three hosts of it, for scripts" },
      ],
      handler: async () => (await import("../run/targets-list.ts")).runTargetsList,
    },
    {
      name: "expand",
      summary: "Write out a set, one host a line",
      arguments: [EXPRESSION],
      options: [MAX_HOSTS],
      examples: [
        { command: "scap targets expand 'web[1-3]'", explains: "web1, web2 and web3" },
        { command: "scap targets expand 'web[1-9]!web[3-4]'", explains: "All but two" },
      ],
      handler: async () => (await import("../run/host-sets.ts")).runExpand,
    },
    {
      name: "fold",
      summary: "Fold names into the shortest set; reads standard input when none are given",
      arguments: [{ name: "name", summary: "host or set", count: "any", completes: "hosts" }],
      examples: [
        { command: "scap targets fold web1 web2 web3", explains: "web[1-3]" },
        { command: "scap targets fold < hosts.txt", explains: "Names between blanks or lines" },
      ],
      handler: async () => (await import("../run/host-sets.ts")).runFold,
    },
    {
      name: "count",
      summary: "Count the hosts of a set without writing them out",
      arguments: [EXPRESSION],
      examples: [
        { command: "scap targets count 'web[1-1000000]'", explains: "1000000" },
        { command: "scap targets count 'web[1-9]&web[5-20]'", explains: "5" },
      ],
      handler: async () => (await import("../run/host-sets.ts")).runCount,
    },
    {
      name: "split",
      summary: "Cut a set into N parts of nearly the same size, one a line",
      arguments: [{ name: "n", summary: "number of parts", count: "one" }, EXPRESSION],
      options: [MAX_HOSTS],
      examples: [
        { command: "scap targets split 3 'web[1-10]'", explains: "web[1-4], web[5-7], web[8-10]" },
        { command: "scap targets split 2 'a1,b[1-3]'", explains: "a1,b1 and b[2-3]" },
      ],
      handler: async () => (await import("../run/host-sets.ts")).runSplit,
    },
    {
      name: "query",
      summary: "Select hosts with and, or, not, @groups and aliases; prints the folded set",
      arguments: [
        {
          name: "query",
          summary: "query such as 'web[1-9] and not @canary'",
          count: "one",
          completes: "host-sets",
        },
      ],
      options: [
        { name: "expand", type: "flag", summary: "print one host a line" },
        {
          name: "aliases",
          type: "string",
          value: "FILE",
          completes: "files",
          summary: "YAML file of aliases, for A:name",
        },
        {
          name: "known-hosts",
          type: "string",
          value: "FILE",
          repeat: true,
          completes: "files",
          summary: "known hosts files, for K{...}",
        },
      ],
      examples: [
        { command: "scap targets query '@default and not @canary'", explains: "From this checkout's groups" },
        { command: "scap targets query 'G{web*} or db1' --expand", explains: "Groups' hosts by pattern" },
      ],
      handler: async () => (await import("../run/targets-query.ts")).runTargetsQuery,
    },
  ],
};
