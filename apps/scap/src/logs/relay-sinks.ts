import type { Config } from "@scap/config";
import { loginName } from "@scap/lock";
import {
  ircSink,
  journaldSink,
  logstashSink,
  openTelemetrySink,
  syslogSink,
  udp2logSink,
  type CentralLayout,
  type Sink,
  type WriterIdentity,
} from "@scap/log";
import { parseLogAddress } from "./log-address.ts";

/** What the relays have in common. */
interface RelayOptions {
  readonly onProblem: (message: string) => void;
  readonly layout: CentralLayout;
  readonly writer: Partial<WriterIdentity>;
}

/**
 * Where records go besides the log file and the console: to syslog, udp2log, Logstash, the journal and an
 * OpenTelemetry collector, and announcements to the IRC relay.
 *
 * @param onProblem - told once by each that cannot send, and at the end how many records it lost
 * @throws LogError `OTEL_MISSING`
 */
export async function relaySinks(config: Config, onProblem: (message: string) => void): Promise<Sink[]> {
  const user = await loginName();
  const layout = config.str("log_layout") === "flat" ? "flat" : "ecs";
  const common: RelayOptions = { onProblem, layout, writer: { user } };
  const irc = hostAndPort(config, "tcpircbot");
  const udp2log = hostAndPort(config, "udp2log");
  const endpoint = config.str("otel_endpoint");
  return [
    ...(config.bool("use_syslog") ? syslog(config, common) : []),
    ...(udp2log ? [udp2logSink({ ...common, ...udp2log })] : []),
    ...logstash(config, common),
    ...(config.bool("use_journald") ? [journaldSink({ onProblem })] : []),
    ...(endpoint ? [await openTelemetrySink({ endpoint, onProblem })] : []),
    ...(irc ? [ircSink({ ...irc, onProblem, user })] : []),
  ];
}

function syslog(config: Config, common: RelayOptions): Sink[] {
  const address = parseLogAddress(config.str("syslog_address") ?? "");
  if (address === undefined || address.protocol === "unix")
    return [syslogSink({ ...common, ...(address && { target: address }) })];
  const { host, port = 514, protocol } = address;
  return [syslogSink({ ...common, target: { protocol, host, port } })];
}

function logstash(config: Config, common: RelayOptions): Sink[] {
  const address = parseLogAddress(config.str("logstash_address") ?? "");
  if (address === undefined || address.protocol === "unix" || address.port === undefined) return [];
  const { host, port, protocol } = address;
  return [logstashSink({ ...common, protocol, host, port })];
}

function hostAndPort(
  config: Config,
  relay: string,
): { readonly host: string; readonly port: number } | undefined {
  const host = config.str(`${relay}_host`);
  const port = config.int(`${relay}_port`);
  return host && port !== undefined ? { host, port } : undefined;
}
