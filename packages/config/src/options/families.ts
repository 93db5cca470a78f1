import type { OptionFamily } from "../option-spec.ts";

const FOR_GROUP = {
  default: null,
  keepsText: true,
  prefix: "group",
  subject: "Targets and failure handling",
} as const;

/** Stages that have a `<stage>_batch_size`. */
export const BATCH_STAGES: readonly string[] = [
  "fetch",
  "config_deploy",
  "promote",
  "handle_service",
  "rollback",
  "config_diff",
  "finalize",
];

/** Options that name a host list file; each also exists as `<group>_<name>`. */
export const HOST_LIST_OPTIONS: readonly string[] = [
  "dsh_targets",
  "dsh_masters",
  "dsh_proxies",
  "dsh_testservers",
  "dsh_api_canaries",
  "dsh_app_canaries",
  "scap_targets",
  "mw_k8s_nodes",
];

/** Options of which each deploy group, or each stage, may have its own. */
export const OPTION_FAMILIES: readonly OptionFamily[] = [
  {
    ...FOR_GROUP,
    name: "_group_size",
    type: "int",
    min: 1,
    unit: "hosts",
    help: "Overrides group_size for a group.",
  },
  {
    ...FOR_GROUP,
    name: "_failure_limit",
    type: "limit",
    unit: "hosts or percent",
    help: "Overrides failure_limit for a group.",
  },
  ...HOST_LIST_OPTIONS.map((list): OptionFamily => ({
    ...FOR_GROUP,
    name: `_${list}`,
    type: "str",
    help: `Host list of a group, in place of ${list}.`,
  })),
  {
    ...FOR_GROUP,
    prefix: "stage",
    name: "_batch_size",
    type: "int",
    min: 1,
    unit: "hosts",
    help: "Overrides batch_size for a stage; never more than 80.",
  },
];
