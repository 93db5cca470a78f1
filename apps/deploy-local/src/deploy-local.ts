import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import process from "node:process";

import { UsageError, type OptionValues } from "@scap/cli";
import { loadConfig, type Config } from "@scap/config";
import {
  renderConfigFile,
  runDeployLocal,
  STAGES,
  sudoServiceManager,
  type StageName,
  type TargetConfiguration,
} from "@scap/deploy";
import { consoleSink, createLogger, encodeRecord, LEVELS, wantsColour, type Logger } from "@scap/log";

import { setOptions } from "./host-configuration.ts";

/** A parsed command line. */
export interface DeployLocalCall {
  readonly options: OptionValues;
  readonly stage: string | undefined;
  readonly signal: AbortSignal;
}

/** Runs the command; see its description. @throws what the user should read */
export async function deployLocal({ options, signal, stage }: DeployLocalCall): Promise<void> {
  if (stage !== undefined && !isStage(stage)) {
    throw new UsageError(`Unknown stage ${JSON.stringify(stage)}`, `Stages are ${STAGES.join(", ")}.`);
  }
  const config = await configuration(options);
  const group = options.string("group");
  await runDeployLocal({
    repo: options.string("repo") ?? "",
    ...(stage === undefined ? {} : { stage }),
    ...(group === undefined ? {} : { group }),
    force: options.flag("force"),
    refreshConfig: options.flag("refresh-config"),
    configuration: targetConfiguration(config),
    services: sudoServiceManager(),
    render: renderConfigFile,
    createLogger: (json) => loggerFor(options.flag("verbose") ? LEVELS.DEBUG : LEVELS.INFO, json),
    signal,
  });
}

async function configuration(options: OptionValues): Promise<Config> {
  return await loadConfig({
    cwd: process.cwd(),
    systemFile: process.env["SCAP_SYSTEM_CONFIG"],
    stdin: process.stdin,
    defines: options.list("define"),
    environment: options.string("environment"),
    confFile: options.string("conf"),
    localConfig: !options.flag("no-local-config") && !isLoginDirectory(process.cwd()),
  });
}

/** Where commands over SSH start: a checkout's configuration that lies there is about something else. */
function isLoginDirectory(directory: string): boolean {
  try {
    return realpathSync(homedir()) === realpathSync(directory);
  } catch {
    return false;
  }
}

function targetConfiguration(config: Config): TargetConfiguration {
  const given = config.defines.map((define) => define.slice(0, define.indexOf(":")).trim());
  const overrides = Object.fromEntries(given.map((name) => [name, config.get(name)]));
  return {
    gitServer: config.str("git_server"),
    gitScheme: config.str("git_scheme") ?? "http",
    gitDeployDir: config.str("git_deploy_dir") ?? "/srv/deployment",
    secondarySignalFile: config.str("secondary_host_signal_file") ?? "/etc/scap.secondary",
    umask: config.int("umask") ?? 0o002,
    own: setOptions(config),
    overrides,
  };
}

function loggerFor(minLevel: number, json: boolean): Logger {
  const { env, stderr, stdout } = process;
  const jsonSink = {
    write: (record: Parameters<typeof encodeRecord>[0]) => {
      if (record.levelno >= minLevel) stdout.write(`${encodeRecord(record)}\n`);
    },
    close: async () => {},
  };
  const textSink = consoleSink({ stream: stderr, minLevel, colour: wantsColour(stderr, env) });
  return createLogger({ name: "deploy-local", sinks: [json ? jsonSink : textSink] });
}

function isStage(word: string): word is StageName {
  return (STAGES as readonly string[]).includes(word);
}
