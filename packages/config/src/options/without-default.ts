import { underSubject, type OptionSpec } from "../option-spec.ts";

const TEXT = { default: null, keepsText: true } as const;

/** Options that Python Scap reads as bare text: their type is checked when loading, their value stays the text. */
export const OPTIONS_WITHOUT_DEFAULT: readonly OptionSpec[] = underSubject("Options without a default", [
  {
    ...TEXT,
    name: "git_repo",
    toTargets: true,
    type: "path",
    help: "Repository path below git_deploy_dir and on git_server; required by deploy.",
  },
  {
    ...TEXT,
    name: "git_rev",
    toTargets: true,
    type: "str",
    help: "Revision to deploy when --rev is not given.",
  },
  {
    ...TEXT,
    name: "environment",
    toTargets: true,
    type: "str",
    help: "Environment used when -e is not given.",
  },
  {
    ...TEXT,
    name: "server_groups",
    type: "list",
    nonEmpty: true,
    help: "Deploy groups in order, between commas; absent means one group named default.",
  },
  {
    ...TEXT,
    name: "batch_size",
    type: "int",
    min: 1,
    unit: "hosts",
    help: "Hosts handled at the same time in a stage; 80 when absent, and never more than 80.",
  },
  {
    ...TEXT,
    name: "service_name",
    toTargets: true,
    type: "list",
    help: "systemd services: name, name=restart or name=reload, with :disable-secondary behind.",
  },
  {
    ...TEXT,
    name: "service_port",
    toTargets: true,
    type: "int",
    min: 1,
    max: 65_535,
    help: "TCP port that must accept connections after the service step.",
  },
  {
    ...TEXT,
    name: "secondary_targets_disabled",
    toTargets: true,
    type: "str",
    help: "Sent to targets, which make no use of it.",
  },
  {
    ...TEXT,
    name: "mediawiki_keyholder_key",
    type: "path",
    help: "Key file for MediaWiki syncs, used exactly as given.",
  },
  {
    ...TEXT,
    name: "ssh_auth_sock",
    type: "path",
    help: "Socket of the ssh agent, unless --no-shared-authsock is given.",
  },
  { ...TEXT, name: "dsh_api_canaries", type: "str", help: "Host list of MediaWiki API canaries." },
  { ...TEXT, name: "dsh_app_canaries", type: "str", help: "Host list of MediaWiki web canaries." },
  {
    ...TEXT,
    name: "mw_k8s_nodes",
    type: "str",
    help: "Host list of Kubernetes nodes that pull images ahead; absent turns it off.",
  },
  {
    ...TEXT,
    name: "php_fpm_restart_script",
    type: "path",
    help: "Command that restarts php-fpm on a host; absent turns restarts off.",
  },
  { ...TEXT, name: "php_fpm", type: "str", help: "Service name given to the restart script." },
  {
    ...TEXT,
    name: "php_fpm_unsafe_restart_script",
    type: "path",
    help: "Restart command of syncs with --force.",
  },
]);

/** Names that turn up in real repositories though nothing has read them for a long time. */
export const DEAD_OPTIONS: readonly OptionSpec[] = underSubject(
  "Options without effect",
  ["git_repo_user", "max_failures", "restart_service_batch_size"].map((name) => ({
    ...TEXT,
    name,
    type: "str" as const,
    help: "Accepted and ignored.",
    deprecated: "Nothing reads it.",
  })),
);
