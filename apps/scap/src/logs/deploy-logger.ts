import { dirname, relative } from "node:path";
import { printable, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { consoleReporter, type DeployIdentity, type DeployMode } from "@scap/deploy";
import {
  consoleSink,
  createLogger,
  createStats,
  fileSink,
  jsonLinesSink,
  readTypicalDurationMs,
  wantsColour,
  type Logger,
  type Redactor,
  type Sink,
  type StatsClient,
} from "@scap/log";
import { isHiddenLive } from "../is-hidden-live.ts";
import { notifierSink } from "../plugins/notifier-sink.ts";
import type { Notifier } from "../plugins/plugin.ts";
import { logRedactor } from "./log-redactor.ts";
import { relaySinks } from "./relay-sinks.ts";
import type { Session } from "../session.ts";
import { webhookSinks } from "../webhooks.ts";

export interface DeployLoggerOptions {
  readonly notifiers: readonly Notifier[];
  readonly invocation: Invocation;
  readonly session: Session;
  readonly logFile: string;
  readonly mode: DeployMode;
  /** Whether what is shown must not be kept. @defaultValue false */
  readonly showsSecrets?: boolean;
}

/** A deployment's logger, and how to announce and to end it. */
export interface DeployLogger {
  readonly logger: Logger;
  readonly announce: (text: string) => void;
  /** Sends metrics. */
  readonly stats: StatsClient;
  /** Removes the configured secrets from an error. */
  readonly redact: Redactor["error"];
  readonly close: () => Promise<void>;
}

/** Logs a deployment to its file and shows it: as text on standard error, or as JSON lines on standard output. */
export async function deployLogger(deployment: DeployLoggerOptions): Promise<DeployLogger> {
  const { invocation, logFile, notifiers, session, showsSecrets = false } = deployment;
  const { env, options, stderr, stdout } = invocation;
  const { config } = session;
  const warn = (text: string): void => void stderr.write(printable(`warning: ${text}\n`));
  const relays = await relaySinks(config, warn);
  const file = fileSink({
    path: logFile,
    // Output of checks can hold what is not for everybody: others read it only where the umask was set to let them.
    ...(config.origin("umask").kind !== "default" && { mode: 0o666 & ~process.umask() }),
    onProblem: warn,
  });
  const shown = options.flag("json") ? [jsonLinesSink({ stream: stdout })] : consoleSinks(deployment);
  const kept = [file, ...relays];
  const sinks: Sink[] = [
    ...(showsSecrets ? kept.map(withoutDiffs) : kept),
    ...shown,
    ...webhookSinks(config, warn),
    ...notifiers.map((notifier) => notifierSink(notifier, warn)),
  ];
  const redactor = logRedactor(config, env);
  const stats = statsOf(config, warn);
  const logger = createLogger({ name: "deploy", sinks, redactor });
  const channel = options.flag("no-log-message") ? logger : logger.named("scap.announce");
  return {
    logger,
    stats,
    announce: (text) => channel.info(text),
    redact: (error) => redactor.error(error),
    close: async () => {
      await Promise.all([stats, ...sinks].map((each) => each.close()));
    },
  };
}

function statsOf(config: Config, onProblem: (text: string) => void): StatsClient {
  const host = config.str("statsd_host");
  const port = config.int("statsd_port");
  return createStats({ onProblem, ...(host && { host }), ...(port !== undefined && { port }) });
}

/** Files stay; what somebody asked to see once must not. */
function withoutDiffs(sink: Sink): Sink {
  return {
    write: (record) => {
      const { output: _secret, ...rest } = record;
      sink.write(record["type"] === "config_diff" ? rest : record);
    },
    close: () => sink.close(),
  };
}

function consoleSinks({ invocation, logFile, mode, session }: DeployLoggerOptions): Sink[] {
  const { cwd, env, stderr } = invocation;
  const { isVerbose, logLevel } = session;
  if (session.config.bool("log_json")) return [atLevel(logLevel, jsonLinesSink({ stream: stderr }))];
  const colour = wantsColour(stderr, env);
  const reporter = consoleReporter({
    stream: stderr,
    columns: stderr.isTTY === true ? (stderr.columns ?? 80) : undefined,
    colour,
    typicalDurationMs: (started) => readTypicalDurationMs(started, { directory: dirname(logFile) }),
    nextCommands: [`scap deploy-log -f ${relative(cwd, logFile)}`, "scap status"],
  });
  const text = consoleSink({
    stream: stderr,
    colour,
    minLevel: logLevel,
    hide: (record) => isHiddenLive(record, { isVerbose, mode }),
  });
  return [text, reporter];
}

function atLevel(minLevel: number, sink: Sink): Sink {
  return {
    write: (record) => {
      if (record.levelno >= minLevel) sink.write(record);
    },
    close: () => sink.close(),
  };
}

/** Name of a deployment's log file: its tag, or what it does and when where it makes no tag. */
export function logFileName(mode: DeployMode, { tag, timestamp }: DeployIdentity): string {
  if (tag !== null) return logFileOfTag(tag);
  return `${mode}-${timestamp.slice(0, 19).replaceAll(/[-:]/g, "")}Z.log`;
}

/** Name of the log file of the deployment that made a tag. */
export function logFileOfTag(tag: string): string {
  return `${tag.replaceAll("/", "-")}.log`;
}
