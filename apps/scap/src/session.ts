import { hostname } from "node:os";
import { CliError, EXIT, type Invocation } from "@scap/cli";
import { describeProblem, loadConfig, type Config } from "@scap/config";
import { configRequest } from "./config-request.ts";

/** What every command starts from: the configuration in force. */
export interface Session {
  readonly config: Config;
  readonly isVerbose: boolean;
}

/**
 * Loads the configuration that the command line asks for and applies the guards of the command.
 *
 * @throws CliError when this host or user may not run the command.
 */
export async function openSession(invocation: Invocation): Promise<Session> {
  const config = await loadConfig(configRequest(invocation));
  for (const warning of config.warnings) invocation.stderr.write(`warning: ${describeProblem(warning)}\n`);
  guard(invocation, config);
  return { config, isVerbose: invocation.options.flag("verbose") };
}

function guard({ command, options, program }: Invocation, config: Config): void {
  if (config.bool("refuse_root") && process.geteuid?.() === 0) {
    throw new CliError(`${program} must not run as root (refuse_root is set)`, {
      code: "REFUSED_ROOT",
      exitCode: EXIT.failed,
      hint: "Run it as the user who deploys.",
    });
  }
  if (command.deployServerOnly !== true) return;
  const pattern = config.str("deploy_server_pattern");
  if (pattern !== undefined && pattern !== "" && !new RegExp(pattern).test(hostname())) {
    throw new CliError(`${program} only runs on deploy servers, and ${hostname()} is not one`, {
      code: "NOT_A_DEPLOY_SERVER",
      exitCode: EXIT.failed,
      hint: `deploy_server_pattern is ${JSON.stringify(pattern)}.`,
    });
  }
  // A standby server must be able to prepare its checkouts.
  const isInit = command.name === "deploy" && options.flag("init");
  if (config.bool("block_deployments") && !isInit) {
    throw new CliError("Deployments are blocked on this host (block_deployments is set)", {
      code: "BLOCKED",
      exitCode: EXIT.failed,
      hint: "To go on all the same, add -Dblock_deployments:False.",
    });
  }
}
