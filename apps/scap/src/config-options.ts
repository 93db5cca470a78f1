import type { OptionSpec } from "@scap/config";
import { DEPLOY_OPTIONS } from "@scap/deploy/options";
import { LOCK_OPTIONS } from "@scap/lock/options";
import { QUERY_OPTIONS } from "@scap/targets/options";

/** The options that the workflows declare, joined. */
export const CONFIG_OPTIONS: readonly OptionSpec[] = [...DEPLOY_OPTIONS, ...LOCK_OPTIONS, ...QUERY_OPTIONS];
