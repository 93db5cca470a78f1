import { underSubject, type OptionSpec } from "../option-spec.ts";

/** Repository deployment: names, types and defaults of Python Scap. */
export const REPOSITORY_OPTIONS: readonly OptionSpec[] = underSubject("Repository deployment", [
  {
    name: "git_deploy_dir",
    type: "path",
    default: "/srv/deployment",
    help: "Parent directory of deployed repositories on targets.",
  },
  {
    name: "git_server",
    type: "str",
    default: null,
    help: "Host that targets fetch from. Required on targets.",
  },
  { name: "git_scheme", type: "str", default: "http", help: "URL scheme for that host." },
  {
    name: "git_submodules",
    type: "bool",
    default: false,
    help: "Fetch and check out submodules on targets.",
  },
  {
    name: "git_upstream_submodules",
    type: "bool",
    default: false,
    help: "Take submodules from their own upstream URLs instead of from the deployment host.",
  },
  {
    name: "git_fat",
    type: "bool",
    default: false,
    deprecated: "Use git_binary_manager: git-fat.",
    help: "Same as the binary manager git-fat.",
  },
  {
    name: "git_binary_manager",
    type: "list",
    default: null,
    help: "Comma list of git-fat, git-lfs; unknown names are warned about and skipped.",
  },
  { name: "config_deploy", type: "bool", default: false, help: "Render config file templates on targets." },
  {
    name: "nrpe_dir",
    type: "path",
    default: "/etc/nagios/nrpe.d",
    help: "Directory with NRPE command definitions for checks.",
  },
  { name: "perform_checks", type: "bool", default: true, help: "Run the checks defined for the deployment." },
  {
    name: "require_valid_service",
    type: "bool",
    default: false,
    help: "Only act on systemd units that exist and are not masked.",
  },
  {
    name: "secondary_host_signal_file",
    type: "path",
    default: "/etc/scap.secondary",
    help: "If this path exists, the host counts as secondary for disable-secondary.",
  },
  {
    name: "service_timeout",
    type: "float",
    default: 120,
    min: 0,
    unit: "seconds",
    help: "Seconds to wait for service_port to accept connections.",
  },
  {
    name: "tags_to_keep",
    type: "int",
    default: 20,
    min: 0,
    unit: "tags",
    help: "Number of deploy tags kept on the deployment host.",
  },
  {
    name: "cache_revs",
    type: "int",
    default: 5,
    min: 0,
    unit: "revisions",
    help: "Old revision directories kept on targets.",
  },
  {
    name: "scap3_mediawiki",
    type: "bool",
    default: false,
    help: "Experimental: also record the live MediaWiki tree in git before a sync.",
  },
]);
