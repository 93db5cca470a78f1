import type { Config } from "@scap/config";
import { ircSink, syslogSink, udp2logSink, type Sink } from "@scap/log";

/** Where records go besides the log file and the console: syslog, a UDP relay, and announcements to the IRC relay. */
export function relaySinks(config: Config): Sink[] {
  const udp = address(config, "udp2log");
  const irc = address(config, "tcpircbot");
  return [
    ...(config.bool("use_syslog") ? [syslogSink()] : []),
    ...(udp === undefined ? [] : [udp2logSink(udp)]),
    ...(irc === undefined ? [] : [ircSink(irc)]),
  ];
}

function address(
  config: Config,
  relay: string,
): { readonly host: string; readonly port: number } | undefined {
  const host = config.str(`${relay}_host`);
  const port = config.int(`${relay}_port`);
  return host && port !== undefined ? { host, port } : undefined;
}
