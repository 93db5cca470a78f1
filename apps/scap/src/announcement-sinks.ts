import type { Config } from "@scap/config";
import { ircSink, type Sink } from "@scap/log";

/** Where announcements go besides the log: the IRC relay of `tcpircbot_host`, when one is set. */
export function announcementSinks(config: Config): Sink[] {
  const host = config.str("tcpircbot_host");
  if (host === undefined || host === "") return [];
  return [ircSink({ host, port: Number(config.str("tcpircbot_port") ?? "9200") })];
}
