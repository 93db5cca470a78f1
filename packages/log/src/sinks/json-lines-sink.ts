import { encodeRecord } from "../encode-record.ts";
import type { Sink } from "../sink.ts";
import { type OutputStream, streamWriter } from "./stream-writer.ts";

/** Where JSON lines go. */
export interface JsonLinesSinkOptions {
  /** For example `process.stdout` on a target. It stays open when the sink is closed. */
  readonly stream: OutputStream;
  /** Lowest level written. @defaultValue 0 */
  readonly minLevel?: number;
}

/** Writes each record as one JSON line, as the deploy host reads it from a target. */
export function jsonLinesSink({ stream, minLevel = 0 }: JsonLinesSinkOptions): Sink {
  const writer = streamWriter(stream);
  return {
    name: "json",
    write: (record) => {
      if (record.levelno >= minLevel) writer.write(`${encodeRecord(record)}\n`);
    },
    flush: () => writer.flush(),
    dropped: () => writer.dropped(),
    close: () => writer.flush(),
  };
}
