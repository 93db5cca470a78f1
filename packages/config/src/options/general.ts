import { accountName } from "../account-name.ts";
import { parseInteger } from "../number-text.ts";
import { underSubject, type OptionSpec } from "../option-spec.ts";

/** What is wrong with a port that is kept as text. */
function complaintAboutPort(text: string): string | undefined {
  const port = parseInteger(text);
  const isPort = port !== undefined && port >= 1 && port <= 65_535;
  return isPort ? undefined : `must be a port of 1 to 65535, not ${JSON.stringify(text)}`;
}

/** General, logging, access: names, types and defaults of Python Scap. */
export const GENERAL_OPTIONS: readonly OptionSpec[] = underSubject("General, logging, access", [
  { name: "ssh_user", type: "str", default: accountName, help: "Remote login name for all ssh to targets." },
  {
    name: "keyholder_key",
    type: "str",
    default: null,
    help: "Key file name under /etc/keyholder.d, or an absolute path.",
  },
  {
    name: "stage_dir",
    type: "path",
    default: "/srv/mediawiki-staging",
    help: "MediaWiki staging tree on the deployment host.",
  },
  { name: "deploy_dir", type: "path", default: "/srv/mediawiki", help: "Live MediaWiki tree on targets." },
  {
    name: "umask",
    toTargets: true,
    type: "umask",
    default: 2,
    min: 0,
    max: 511,
    help: "Mask for files that deploying commands create.",
  },
  {
    name: "wmf_realm",
    type: "str",
    default: "production",
    help: "Realm; selects realm-specific file variants (name-<realm>.ext).",
  },
  {
    name: "datacenter",
    type: "str",
    default: "eqiad",
    help: "Data centre name given to containerised MediaWiki scripts.",
  },
  {
    name: "lock_file",
    type: "path",
    default: null,
    nonEmpty: true,
    help: "Path of the lock file to use instead of the computed one.",
  },
  { name: "lock_dir", type: "path", default: "/var/lock", help: "Directory of the MediaWiki staging lock." },
  {
    name: "history_log",
    type: "path",
    default: null,
    help: "Checkout history file; unset means <stage_dir>/scap/log/history.log.",
  },
  {
    name: "block_deployments",
    type: "bool",
    default: false,
    help: "Refuse deploy-server-only commands on this host.",
  },
  { name: "log_json", type: "bool", default: false, help: "Console log as one JSON object per line." },
  { name: "use_syslog", type: "bool", default: false, help: "Also log to the local syslog socket." },
  {
    name: "udp2log_host",
    type: "str",
    default: null,
    help: "Relay for all logs over UDP; off when the host is unset.",
  },
  {
    name: "udp2log_port",
    type: "str",
    check: complaintAboutPort,
    default: "8420",
    help: "Port of udp2log_host.",
  },
  {
    name: "tcpircbot_host",
    type: "str",
    default: null,
    help: "Relay for announcements over TCP; off when the host is unset.",
  },
  {
    name: "tcpircbot_port",
    type: "str",
    check: complaintAboutPort,
    default: "9200",
    help: "Port of tcpircbot_host.",
  },
  { name: "statsd_host", type: "str", default: "127.0.0.1", help: "StatsD metrics over UDP." },
  {
    name: "statsd_port",
    type: "str",
    check: complaintAboutPort,
    default: "2003",
    help: "Port of statsd_host.",
  },
  {
    name: "web_proxy",
    type: "str",
    default: null,
    help: "Proxy URL for the few HTTP requests that leave the network.",
  },
  {
    name: "local_dev_mode",
    type: "bool",
    default: false,
    help: "Development host: passes the deploy-server check.",
  },
  {
    name: "require_terminal_multiplexer",
    type: "bool",
    default: false,
    help: "Long commands must run inside tmux or screen when a terminal is attached.",
  },
]);
