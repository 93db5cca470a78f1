export { DEPLOY_LOG_OPTIONS } from "./deploy-log/options.ts";
export { LEVELS, parseLevel } from "./levels.ts";
