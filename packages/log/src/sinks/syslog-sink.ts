import { type CentralLayout, layOut } from "../layout/central-layout.ts";
import { type WriterIdentity, writerIdentity } from "../layout/identity.ts";
import { shortenedJson } from "../layout/shorten-record.ts";
import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { streamTransport } from "../transport/stream-transport.ts";
import type { Transport } from "../transport/transport.ts";
import { udpTransport } from "../transport/udp-transport.ts";
import { unixDatagramTransport } from "../transport/unix-datagram-transport.ts";
import { type DeliveryOptions, backgroundSink, deliveryOf } from "./background-sink.ts";

/** Where syslog listens: a datagram socket of this host, or a port. */
export type SyslogTarget =
  | { readonly protocol: "unix"; readonly path?: string }
  | { readonly protocol: "udp" | "tcp"; readonly host: string; readonly port?: number };

/** How records go to syslog. */
export interface SyslogSinkOptions extends DeliveryOptions {
  /** @defaultValue the socket `/dev/log` */
  readonly target?: SyslogTarget;
  /** @defaultValue "ecs" */
  readonly layout?: CentralLayout;
  readonly writer?: Partial<WriterIdentity>;
}

// The NUL byte and the frame need room besides the JSON; a local socket takes a datagram of this size by default.
const MAX_JSON_BYTES = 60_000;

/** Sends every record as `<PRI>scap: @cee: {json}`; over TCP a line feed ends a message, else a NUL byte. */
export function syslogSink(options: SyslogSinkOptions = {}): Sink {
  const { target = { protocol: "unix" }, layout = "ecs" } = options;
  const writer = writerIdentity(options.writer);
  const end = target.protocol === "tcp" ? "\n" : "\0";
  return backgroundSink(
    { name: "syslog", transport: transportFor(target), ...deliveryOf(options) },
    (record) => {
      const json = shortenedJson(layOut(record, layout, writer), MAX_JSON_BYTES);
      return Buffer.from(`<${syslogPriority(record)}>scap: @cee: ${json}${end}`);
    },
  );
}

const FACILITY_USER = 8;

/** The priority of a record: facility `user`, and the severity that fits its level. */
export function syslogPriority({ levelno }: Pick<LogRecord, "levelno">): number {
  const severities = [
    [50, 2],
    [40, 3],
    [30, 4],
    [20, 6],
  ] as const;
  return FACILITY_USER + (severities.find(([level]) => levelno >= level)?.[1] ?? 7);
}

function transportFor(target: SyslogTarget): Transport {
  switch (target.protocol) {
    case "unix":
      return unixDatagramTransport(target.path ?? "/dev/log");
    case "udp":
      return udpTransport({ host: target.host, port: target.port ?? 514 });
    case "tcp":
      return streamTransport({ host: target.host, port: target.port ?? 514 });
  }
}
