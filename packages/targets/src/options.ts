import type { OptionSpec } from "@scap/config";

const SUBJECT = "Choosing hosts";

/** The configuration options of host queries. */
export const QUERY_OPTIONS: readonly OptionSpec[] = [
  {
    name: "hosts_config",
    type: "path",
    default: "/etc/cumin/config.yaml",
    subject: SUBJECT,
    help: "YAML file with the backends knownhosts (K{}) and puppetdb (P{}) for queries; aliases.yaml beside it has A: names.",
  },
  {
    name: "inventory_command",
    type: "str",
    default: null,
    subject: SUBJECT,
    help: "Program for I{QUERY}, with arguments separated by blanks: it gets the query as one more and prints a host a line.",
  },
];
