import type { Command, Option } from "@scap/cli";

const FQDN: Option = {
  name: "fqdn",
  type: "string",
  value: "NAME",
  completes: "hosts",
  summary: "read sections as the host of this full name would",
};
const JSON_OUTPUT: Option = { name: "json", type: "flag", summary: "print one JSON object" };

/** `scap config`. */
export const config: Command = {
  name: "config",
  summary: "Show, check and explain the configuration of this checkout",
  description: `Configuration comes from /etc/scap.cfg, scap/scap.cfg and, with -e NAME, from
scap/environments/NAME/scap.cfg. Sections decide: [global], then each suffix of the host's full name, then -D.`,
  commands: [
    {
      name: "show",
      summary: "Print the effective options",
      options: [
        JSON_OUTPUT,
        { name: "origin", type: "flag", summary: "also say where each value comes from" },
        FQDN,
      ],
      examples: [
        { command: "scap config show --origin", explains: "Values with file, line and section" },
        { command: "scap config show --json --fqdn web1.example", explains: "What web1 would use" },
      ],
      handler: async () => (await import("../run/config.ts")).runConfigShow,
    },
    {
      name: "check",
      summary: "Report every wrong value, mistyped name and deprecated option",
      options: [JSON_OUTPUT, FQDN],
      examples: [
        { command: "scap config check", explains: "Ends with 2 when something must be corrected" },
        { command: "scap config check -e beta", explains: "With the environment beta" },
      ],
      handler: async () => (await import("../run/config.ts")).runConfigCheck,
    },
    {
      name: "explain",
      summary: "Say what an option is for, its value, and every place that sets it",
      arguments: [{ name: "key", summary: "name of the option", count: "one", completes: "options" }],
      options: [JSON_OUTPUT, FQDN],
      examples: [
        { command: "scap config explain group_size", explains: "Type, default and value of group_size" },
        { command: "scap config explain canary_failure_limit", explains: "The same for a group's option" },
      ],
      handler: async () => (await import("../run/config.ts")).runConfigExplain,
    },
  ],
};
