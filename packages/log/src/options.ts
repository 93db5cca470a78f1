export { DEPLOY_LOG_OPTIONS, LEVEL_FILTERS } from "./deploy-log/options.ts";
export { LEVELS, parseLevel } from "./levels.ts";
