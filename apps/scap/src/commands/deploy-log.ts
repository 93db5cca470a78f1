import type { Command } from "@scap/cli";
import { DEPLOY_LOG_OPTIONS, LEVEL_FILTERS } from "@scap/log/options";

/** `scap deploy-log`. */
export const deployLog: Command = {
  name: "deploy-log",
  summary: "Show and filter the logs of deployments, live or from a file",
  description: `Without --file and --latest it watches scap/log and follows the newest file. EXPR is a list of
criteria, all of which must hold: ATTRIBUTE OPERATOR VALUE ..., for example 'host == web1 levelno >= WARNING'.`,
  arguments: [{ name: "expr", summary: "filter expression", count: "optional", suggestions: LEVEL_FILTERS }],
  options: DEPLOY_LOG_OPTIONS,
  examples: [
    { command: "scap deploy-log -l", explains: "What happened in the last deployment" },
    { command: "scap deploy-log 'levelno >= WARNING'", explains: "Watch for trouble" },
  ],
  handler: async () => (await import("../run/deploy-log.ts")).runDeployLogCommand,
};
