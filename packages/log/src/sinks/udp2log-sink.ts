import { type CentralLayout, layOut } from "../layout/central-layout.ts";
import { type WriterIdentity, writerIdentity } from "../layout/identity.ts";
import { shortenedJson } from "../layout/shorten-record.ts";
import type { Sink } from "../sink.ts";
import { udpTransport } from "../transport/udp-transport.ts";
import { type DeliveryOptions, backgroundSink, deliveryOf } from "./background-sink.ts";

/** Where udp2log listens. */
export interface Udp2logSinkOptions extends DeliveryOptions {
  readonly host: string;
  /** @defaultValue 8420 */
  readonly port?: number;
  /** Put in front of every line; the empty one means none. @defaultValue `scap` */
  readonly prefix?: string;
  /** @defaultValue "ecs" */
  readonly layout?: CentralLayout;
  readonly writer?: Partial<WriterIdentity>;
}

const MAX_BYTES = 65_507;

/** Sends every record as a datagram of JSON behind the prefix. */
export function udp2logSink(options: Udp2logSinkOptions): Sink {
  const { host, port = 8420, prefix = "scap", layout = "ecs" } = options;
  const writer = writerIdentity(options.writer);
  const room = MAX_BYTES - Buffer.byteLength(prefix) - 2;
  return backgroundSink(
    { name: "udp2log", transport: udpTransport({ host, port }), ...deliveryOf(options) },
    (record) => udp2logPacket(shortenedJson(layOut(record, layout, writer), room), prefix),
  );
}

/**
 * A datagram of udp2log: the prefix in front of every line, at most 65507 bytes, a line feed at the end. One final
 * line feed of the text is left out.
 *
 * @returns `undefined` for an empty text, which is not sent
 */
export function udp2logPacket(text: string, prefix: string): Uint8Array | undefined {
  const body = text.replace(/\n$/, "");
  if (body === "") return undefined;
  const lead = prefix === "" ? "" : `${prefix} `;
  const lines = body.split("\n").map((line) => lead + line);
  const bytes = cutUtf8(Buffer.from(lines.join("\n")), MAX_BYTES - 1);
  return Buffer.concat([bytes, Buffer.from("\n")]);
}

/** At most `limit` bytes of UTF-8, cut between characters. */
function cutUtf8(bytes: Buffer, limit: number): Buffer {
  if (bytes.length <= limit) return bytes;
  let end = limit;
  // A continuation byte at the cut belongs to a character that began before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
