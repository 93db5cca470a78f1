import type { OptionSpec } from "@scap/config";
import { DEPLOY_OPTIONS } from "@scap/deploy/options";
import { LOCK_OPTIONS } from "@scap/lock/options";
import { QUERY_OPTIONS } from "@scap/targets/options";
import { LOG_OPTIONS } from "./logs/log-options.ts";

/** The options that the workflows declare, joined. */
export const CONFIG_OPTIONS: readonly OptionSpec[] = [
  ...DEPLOY_OPTIONS,
  ...LOG_OPTIONS,
  ...LOCK_OPTIONS,
  ...QUERY_OPTIONS,
];
