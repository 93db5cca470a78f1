import { hostname } from "node:os";
import type { DerivedCheckType } from "@scap/checks";
import { CliError, EXIT, printable, type Invocation } from "@scap/cli";
import { describeProblem, loadConfig, type Config } from "@scap/config";
import { LEVELS, parseLevel } from "@scap/log/options";
import { configRequest } from "./config-request.ts";
import { isRefusedRoot } from "./is-refused-root.ts";
import { loadPlugins } from "./plugins/load-plugins.ts";
import { pythonPlugins } from "./plugins/python-plugins.ts";
import type { Plugin } from "./plugins/plugin.ts";

/** What every command starts from: the configuration in force. */
export interface Session {
  readonly config: Config;
  /** Lowest level of the console log: DEBUG with `--verbose`, else what `SCAP_LOG_LEVEL` says, else INFO. */
  readonly logLevel: number;
  /** The console log shows more than INFO. */
  readonly isVerbose: boolean;
  /** The plugins of the option `plugins`, loaded when first asked for. */
  readonly plugins: () => Promise<readonly Plugin[]>;
}

/** The types of checks that plugins bring. */
export async function pluginCheckTypes(session: Session): Promise<readonly DerivedCheckType[]> {
  return (await session.plugins()).flatMap((plugin) => plugin.checkTypes ?? []);
}

/**
 * Loads the configuration that the command line asks for and applies the guards of the command.
 *
 * @throws CliError when this host or user may not run the command.
 */
export async function openSession(invocation: Invocation): Promise<Session> {
  const config = await loadConfig(configRequest(invocation));
  for (const warning of config.warnings)
    invocation.stderr.write(printable(`warning: ${describeProblem(warning)}\n`));
  const foreign = await pythonPlugins(invocation.cwd);
  if (foreign.length > 0)
    invocation.stderr.write(
      printable(`warning: plugins of Python Scap cannot be loaded: ${foreign.join(", ")}\n`),
    );
  guard(invocation, config);
  const logLevel = consoleLevel(invocation);
  return { config, logLevel, isVerbose: logLevel < LEVELS.INFO, plugins: pluginsOf(invocation, config) };
}

function pluginsOf({ cwd, env, stderr }: Invocation, config: Config): Session["plugins"] {
  const warn = (text: string): void => void stderr.write(printable(`warning: ${text}\n`));
  let plugins: Promise<readonly Plugin[]> | undefined;
  return () => (plugins ??= loadPlugins({ config, cwd, env, warn, running: process }));
}

function consoleLevel({ env, options }: Invocation): number {
  const text = env["SCAP_LOG_LEVEL"];
  if (options.flag("verbose")) return LEVELS.DEBUG;
  return text ? parseLevel(text) : LEVELS.INFO;
}

/** @throws CliError when this user, host or terminal may not run the command */
function guard(invocation: Invocation, config: Config): void {
  const { command, program } = invocation;
  if (isRefusedRoot(config)) {
    throw refusal("REFUSED_ROOT", `${program} must not run as root (refuse_root is set)`, {
      hint: "Run it as the user who deploys.",
    });
  }
  if (command.isLong === true && config.bool("require_terminal_multiplexer")) guardTerminal(invocation);
  if (command.deployServerOnly === true) guardHost(invocation, config);
}

function guardTerminal({ env, program, stdin, stdout }: Invocation): void {
  if (stdin.isTTY !== true || stdout.isTTY !== true || env["TMUX"] || env["STY"]) return;
  throw refusal(
    "NO_MULTIPLEXER",
    `${program} must run inside tmux or screen (require_terminal_multiplexer)`,
    {
      hint: "Start one with: tmux new -s scap",
    },
  );
}

function guardHost({ command, options, program }: Invocation, config: Config): void {
  const pattern = config.bool("local_dev_mode") ? undefined : config.str("deploy_server_pattern");
  if (pattern !== undefined && pattern !== "" && !new RegExp(pattern).test(hostname())) {
    throw refusal(
      "NOT_A_DEPLOY_SERVER",
      `${program} only runs on deploy servers, and ${hostname()} is not one`,
      {
        hint: `deploy_server_pattern is ${JSON.stringify(pattern)}.`,
      },
    );
  }
  // A standby server must be able to prepare its checkouts.
  const isInit = command.name === "deploy" && options.flag("init");
  if (config.bool("block_deployments") && !isInit) {
    throw refusal("BLOCKED", "Deployments are blocked on this host (block_deployments is set)", {
      hint: "To go on all the same, add -Dblock_deployments:False.",
    });
  }
}

function refusal(code: string, message: string, { hint }: { readonly hint: string }): CliError {
  // Python Scap rings for root alone.
  return new CliError(message, { code, exitCode: EXIT.failed, hint, isRefusal: code !== "REFUSED_ROOT" });
}
