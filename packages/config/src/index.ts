export { accountName } from "./account-name.ts";
export { createConfig, type Config, type ConfigParts } from "./config.ts";
export { coerceText, type Coerced } from "./coerce.ts";
export { checkEnvironmentExists, environmentDirectory, scapFile } from "./environment.ts";
export { ConfigError, type ConfigErrorCode, type ConfigErrorOptions } from "./errors.ts";
export { failureLimitHosts, parseFailureLimit, type FailureLimit } from "./failure-limit.ts";
export { parseFossViolations, type FossViolation } from "./foss-violations.ts";
export { effectiveFqdn, type FqdnOptions } from "./fqdn.ts";
export { parseIni, type IniFile, type IniSection, type IniValue } from "./ini.ts";
export { inspectConfig, loadConfig, type InspectedConfig, type LoadConfigOptions } from "./load.ts";
export { nearestName } from "./nearest-name.ts";
export {
  defaultOf,
  underSubject,
  type ConfigValue,
  type OptionFamily,
  type OptionSpec,
  type OptionType,
} from "./option-spec.ts";
export { OptionCatalogue, OPTIONS } from "./options.ts";
export { BATCH_STAGES, HOST_LIST_OPTIONS, OPTION_FAMILIES } from "./options/families.ts";
export { describeOrigin, type ConfigOrigin } from "./origin.ts";
export { describeProblem, type ConfigProblem } from "./problem.ts";
export { checkConfig, type ConfigCheck } from "./check.ts";
export { explainOption, type OptionExplanation, type OptionSetting } from "./explain.ts";
export { optionsForTargets, overlayConfig } from "./overlay.ts";
export { REDACTED } from "./redact.ts";
export { readSecret } from "./secret.ts";
export { effectiveOptions, originWithSection, shownOptions, type ShownOption } from "./show.ts";
export { MAX_BATCH_SIZE, stageBatchSize } from "./stage-batch-size.ts";
