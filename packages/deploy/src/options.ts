import { underSubject, type OptionSpec } from "@scap/config";

export { DEPLOY_LOCAL } from "./target/deploy-local-options.ts";

/** Options of deployments that Python Scap does not have. */
// Whoever takes only DEPLOY_LOCAL must not get the tables of @scap/config with it.
export const DEPLOY_OPTIONS: readonly OptionSpec[] = /* @__PURE__ */ underSubject("Deployment over SSH", [
  {
    name: "connect_timeout",
    type: "float",
    default: 15,
    unit: "seconds",
    min: 1,
    max: 600,
    help: "Longest time for reaching a host and starting work on it.",
  },
  {
    name: "stage_timeout",
    type: "float",
    default: 900,
    unit: "seconds",
    min: 1,
    max: 86_400,
    help: "Longest time for one stage on one host, its checks included.",
  },
  {
    name: "deploy_timeout",
    type: "float",
    default: 14_400,
    unit: "seconds",
    min: 1,
    max: 604_800,
    help: "Longest time for a whole deployment; then it stops as after Ctrl-C.",
  },
  {
    name: "confirm_promote",
    type: "str",
    default: "canaries",
    choices: ["canaries", "all", "never"],
    help: "Which hosts go back by themselves unless the deployment confirms what they promoted.",
  },
  {
    name: "confirm_timeout",
    type: "float",
    default: 300,
    unit: "seconds",
    min: 2,
    max: 86_400,
    help: "Time in which a promoted revision must be confirmed, and for answering a question meanwhile.",
  },
  {
    name: "runtime",
    type: "str",
    default: "auto",
    choices: ["auto", "never"],
    help: "Hosts without a fitting Node: auto sends them one, never lets them fail.",
  },
  {
    name: "runtime_files",
    type: "list",
    default: null,
    help: "Tarballs of Node to send to hosts that the deploy server's own does not fit; the first that fits is taken.",
  },
  {
    name: "scap_packages",
    type: "path",
    default: null,
    help: "Directory of scap-VERSION.tgz, as npm pack makes them, from which install-world takes other versions.",
  },
  {
    name: "python_ordered_checks",
    type: "bool",
    default: false,
    help: "Publish checks as Python's ordered maps; targets that still run Python Scap sort plain ones by name.",
  },
  {
    name: "strict_checks",
    type: "bool",
    default: false,
    help: "Refuse checks with an option that nobody knows, such as a misspelt one, instead of warning.",
  },
  {
    name: "shared",
    toTargets: true,
    type: "list",
    default: null,
    help: "Directories that outlive revisions; each revision gets a link to them, for example cache, var/uploads.",
  },
  {
    name: "freeze_file",
    type: "str",
    default: "/etc/scap-freeze.yaml",
    help: "File of times in which nobody should deploy from this server; scap/freeze.yaml of a repository counts too.",
  },
  {
    name: "notify_webhooks",
    type: "list",
    default: null,
    help: "URLs that are told of each deployment with a JSON object; they are retried in the background.",
  },
  {
    name: "ssh_config",
    type: "path",
    default: null,
    keepsText: true,
    help: "OpenSSH client configuration to use for targets, for example ~/.ssh/config; none is read without it.",
  },
  {
    name: "ssh_transport",
    type: "str",
    default: "ssh2",
    nonEmpty: true,
    help: "ssh2 connects inside this process; openssh runs the installed ssh, for certificates, FIDO keys and GSSAPI; a plugin may bring others.",
  },
]);
