import type { Readable } from "node:stream";
import { decodeLooseRecord } from "../decode-record.ts";
import type { LooseRecord } from "../record.ts";
import { LineScanner } from "./line-scanner.ts";
import { readFileSource, readStream } from "./read-source.ts";

/** How records are read. */
export interface ReadRecordsOptions {
  /** Gets each record, in the order of the file. */
  readonly onRecord: (record: LooseRecord) => void;
  /** Ends the reading early. */
  readonly signal?: AbortSignal;
}

/** What a log held besides its records. */
export interface ReadRecordsResult {
  /** Lines that are no record, blank ones not counted; also those longer than 16 MiB. */
  readonly unreadableLines: number;
}

/**
 * Reads every record of a log to its end: a file, packed with gzip or Zstandard or not, or a stream of plain lines.
 *
 * @throws LogError with code `LOG_UNREADABLE`, naming the file and the reason
 */
export async function readRecords(
  source: string | Readable,
  { onRecord, signal = new AbortController().signal }: ReadRecordsOptions,
): Promise<ReadRecordsResult> {
  let unreadableLines = 0;
  const scanner = new LineScanner({
    needles: [],
    onOversized: () => (unreadableLines += 1),
    onLine: (line) => {
      const record = decodeLooseRecord(line);
      if (record) onRecord(record);
      else if (line.trim() !== "") unreadableLines += 1;
    },
  });
  const options = { scanner, signal, pause: () => Promise.resolve() };
  if (typeof source === "string") await readFileSource(source, options);
  else await readStream(source, options);
  return { unreadableLines };
}
