import { type CentralLayout, layOut } from "../layout/central-layout.ts";
import { type WriterIdentity, writerIdentity } from "../layout/identity.ts";
import { shortenedJson } from "../layout/shorten-record.ts";
import type { Sink } from "../sink.ts";
import { streamTransport } from "../transport/stream-transport.ts";
import { udpTransport } from "../transport/udp-transport.ts";
import { type DeliveryOptions, backgroundSink, deliveryOf } from "./background-sink.ts";

/** Where Logstash listens. */
export interface LogstashSinkOptions extends DeliveryOptions {
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  /** @defaultValue "ecs" */
  readonly layout?: CentralLayout;
  readonly writer?: Partial<WriterIdentity>;
}

const MAX_BYTES = { tcp: 1024 * 1024, udp: 65_507 } as const;

/** Sends every record as one line of JSON over TCP (Logstash's `json_lines` codec), or as one datagram over UDP. */
export function logstashSink(options: LogstashSinkOptions): Sink {
  const { protocol, host, port, layout = "ecs" } = options;
  const writer = writerIdentity(options.writer);
  const transport = protocol === "tcp" ? streamTransport({ host, port }) : udpTransport({ host, port });
  return backgroundSink({ name: "logstash", transport, ...deliveryOf(options) }, (record) =>
    Buffer.from(`${shortenedJson(layOut(record, layout, writer), MAX_BYTES[protocol] - 1)}\n`),
  );
}
