import { underSubject, type OptionSpec } from "../option-spec.ts";

/** Targets and failure handling: names, types and defaults of Python Scap. */
export const TARGET_OPTIONS: readonly OptionSpec[] = underSubject("Targets and failure handling", [
  {
    name: "dsh_targets",
    type: "str",
    default: "mediawiki-installation",
    help: "Host list of deploy targets.",
  },
  { name: "dsh_masters", type: "str", default: "scap-masters", help: "Host list of deployment servers." },
  { name: "dsh_proxies", type: "str", default: "scap-proxies", help: "Host list of rsync proxies." },
  {
    name: "dsh_testservers",
    type: "str",
    default: "testserver",
    help: "Host list of MediaWiki test servers.",
  },
  { name: "scap_targets", type: "str", default: "scap_targets", help: "Host list used by install-world." },
  {
    name: "mw_web_clusters",
    type: "list",
    default: "jobrunner,appserver,appserver_api,testserver",
    help: "Comma list of host list files whose hosts get php-fpm restarts.",
  },
  {
    name: "group_size",
    type: "int",
    default: null,
    min: 1,
    unit: "hosts",
    help: "Maximum hosts per subgroup.",
  },
  {
    name: "failure_limit",
    type: "limit",
    default: "0%",
    unit: "hosts or percent",
    help: "Failed hosts allowed per group before the deployment stops: a number or a percentage.",
  },
]);
