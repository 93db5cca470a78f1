import type { Command } from "@scap/cli";
import { DEPLOY_LOG_OPTIONS } from "@scap/log/options";

/** `deploy-log` as a program of its own. */
export const command: Command = {
  name: "deploy-log",
  summary: "Show and filter the logs of deployments, live or from a file",
  description: `Without --file and --latest it watches scap/log in the current directory and follows the newest file.
EXPR is a list of criteria, all of which must hold: ATTRIBUTE OPERATOR VALUE ..., for example
'host == web1.* levelno >= WARNING'. Operators: = == != (globs, anchored at the end), ~ !~ (regular expressions),
> >= < <=. Without a criterion on levelno, records from INFO on are shown.`,
  arguments: [{ name: "expr", summary: "filter expression", count: "optional" }],
  options: DEPLOY_LOG_OPTIONS,
  examples: [
    { command: "deploy-log -l", explains: "What happened in the last deployment" },
    { command: "deploy-log 'levelno >= WARNING'", explains: "Watch for trouble" },
    { command: "deploy-log -f FILE --stats", explains: "Who said how much" },
  ],
};
