import { formatMessage } from "../message/format-message.ts";
import { textForm } from "../message/python-text.ts";
import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { unixDatagramTransport } from "../transport/unix-datagram-transport.ts";
import { type DeliveryOptions, backgroundSink, deliveryOf } from "./background-sink.ts";
import { syslogPriority } from "./syslog-sink.ts";

/** How records go to the systemd journal. */
export interface JournaldSinkOptions extends DeliveryOptions {
  /** @defaultValue `/run/systemd/journal/socket` */
  readonly path?: string;
  /** `SYSLOG_IDENTIFIER` of the entries. @defaultValue `scap` */
  readonly identifier?: string;
}

// A larger datagram would have to be passed as a file descriptor, which Node.js cannot do.
const MAX_TEXT = 64 * 1024;

/** Sends every record to the systemd journal, with logger, host, stage and event as fields of their own. */
export function journaldSink(options: JournaldSinkOptions = {}): Sink {
  const { path = "/run/systemd/journal/socket", identifier = "scap" } = options;
  return backgroundSink(
    { name: "journald", transport: unixDatagramTransport(path), ...deliveryOf(options) },
    (record) => journalEntry(record, identifier),
  );
}

const FIELDS = {
  host: "SCAP_HOST",
  stage: "SCAP_STAGE",
  event: "SCAP_EVENT",
  exc_text: "SCAP_EXCEPTION",
} as const;

function journalEntry(record: LogRecord, identifier: string): Uint8Array {
  const fields: [string, string][] = [
    ["MESSAGE", formatMessage(record)],
    ["PRIORITY", String(syslogPriority(record) & 7)],
    ["SYSLOG_IDENTIFIER", identifier],
    ["SCAP_LOGGER", record.name],
  ];
  for (const [key, field] of Object.entries(FIELDS)) {
    const value = record[key];
    if (value !== undefined && value !== null) fields.push([field, textForm(value)]);
  }
  return Buffer.concat(fields.map(([name, value]) => journalField(name, value.slice(0, MAX_TEXT))));
}

// A value with a line feed needs the form with its length, which works for every value.
function journalField(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from("\n")]);
}
