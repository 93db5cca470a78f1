export type { DerivedCheckType } from "./derived-check-type.ts";
export {
  checksFromDefinitions,
  loadChecks,
  type LoadChecksOptions,
  type LoadedChecks,
} from "./load-checks.ts";
export { selectChecks, selectHooks, type SelectChecksOptions } from "./select-checks.ts";
export { validateChecks, type ValidateChecksOptions } from "./validate-checks.ts";
export { runChecks, type CheckResult, type ChecksResult, type RunChecksOptions } from "./run-checks.ts";
export { prepareChecks, type PreparedCheck, type PrepareChecksOptions } from "./prepare-checks.ts";
export { stageOfCheck, type Check, type CheckHook, type CheckPlace } from "./check.ts";
export type { CheckAction, CheckAttempt, CheckContext, CheckTarget, CheckType } from "./check-type.ts";
export { BUILT_IN_CHECK_TYPES, createCheckTypes, type CheckTypes } from "./check-types.ts";
export { CHECK_STAGES } from "./stages.ts";
export {
  CheckError,
  CheckInvalidError,
  describeProblem,
  type CheckErrorCode,
  type CheckProblem,
} from "./errors.ts";
export {
  DEFAULT_NRPE_DIR,
  parseNrpeCommands,
  readNrpeCommands,
  type NrpeCommandsOptions,
} from "./nrpe-commands.ts";
export { listScripts, type ListScriptsOptions } from "./list-scripts.ts";
export { splitWords } from "./split-words.ts";
