import { isUtf8 } from "node:buffer";
import { encodeJson } from "../json/encode-json.ts";
import { RECORD_WINDOW_BYTES } from "../file-source.ts";
import type { WriteChunk } from "../json/string-writer.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { CdbReader } from "../reader.ts";
import type { RecordCursor } from "../record-cursor.ts";
import type { CdbTextFormat } from "./text-format.ts";
import { TEXT_OUTPUT_BYTES, TextOutput } from "./text-output.ts";

/** How a database is turned into text. */
export interface DumpCdbOptions {
  readonly format: CdbTextFormat;
  /** Told each further record of a key that was there already, which `json` cannot carry; the others keep it. */
  readonly onDuplicate?: (key: Buffer) => void;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const BACKSLASH = 0x5c;
/** The letter after the backslash for each byte that needs one. */
const TSV_LETTER = new Uint8Array(256);
for (const [byte, letter] of ["\\\\", "\tt", "\nn", "\rr"]) {
  TSV_LETTER[(byte as string).charCodeAt(0)] = (letter as string).charCodeAt(0);
}

/**
 * Writes a database as text.
 *
 * @param write takes the text in pieces: the first `length` bytes of a buffer that is used again after the call
 * @throws {@link CdbError} `CDB_TEXT` for `json` if a key or value is not UTF-8
 */
export function dumpCdb(reader: CdbReader, write: WriteChunk, options: DumpCdbOptions): void {
  const { format, onDuplicate } = options;
  if (format === "json") {
    encodeJson(reader, write, onDuplicate === undefined ? {} : { onDuplicate });
    return;
  }
  if (format === "cdbmake") {
    dumpCdbmake(reader, write, Kernel.start(reader.sizeBytes));
    return;
  }
  const output = new TextOutput(write);
  const cursor = reader.cursor();
  const dumpRecord = { ndjson: dumpNdjson, tsv: dumpTsv }[format];
  while (cursor.next()) dumpRecord(cursor, output);
  output.flush();
}

/** Writes lines `+3,5:one->Hello`, and an empty one. */
export function dumpCdbmake(reader: CdbReader, write: WriteChunk, kernel: Kernel | undefined): void {
  const output = new TextOutput(write, kernel?.allocate(TEXT_OUTPUT_BYTES));
  const cursor = reader.cursor(kernel?.allocate(RECORD_WINDOW_BYTES));
  while (cursor.next()) {
    dumpLine(cursor, output);
    while (kernel?.isDue() === true) {
      const progress = kernel.cdbmakeOfRecords(cursor.rest(), output.room());
      cursor.skip(progress);
      output.take(progress.bytesWritten);
    }
  }
  output.byte(LINE_FEED);
  output.flush();
}

function dumpLine(cursor: RecordCursor, output: TextOutput): void {
  const { bytes, view, keyStart, valueStart } = cursor;
  output.byte(0x2b);
  output.number(cursor.keyLength);
  output.byte(0x2c);
  output.number(cursor.valueLength);
  output.byte(0x3a);
  output.copy(bytes, view, keyStart, valueStart);
  output.byte(0x2d);
  output.byte(0x3e);
  output.copy(bytes, view, valueStart, valueStart + cursor.valueLength);
  output.byte(LINE_FEED);
}

function dumpNdjson(cursor: RecordCursor, output: TextOutput): void {
  output.text(`${JSON.stringify({ ...member("key", cursor.key()), ...member("value", cursor.value()) })}\n`);
}

function member(name: string, bytes: Buffer): Record<string, string> {
  return isUtf8(bytes) ? { [name]: bytes.toString("utf8") } : { [`${name}Base64`]: bytes.toString("base64") };
}

function dumpTsv(cursor: RecordCursor, output: TextOutput): void {
  const { bytes, keyStart, valueStart } = cursor;
  escape(bytes, keyStart, valueStart, output);
  output.byte(TAB);
  escape(bytes, valueStart, valueStart + cursor.valueLength, output);
  output.byte(LINE_FEED);
}

function escape(bytes: Buffer, start: number, end: number, output: TextOutput): void {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const letter = TSV_LETTER[byte] as number;
    if (letter !== 0) output.byte(BACKSLASH);
    output.byte(letter === 0 ? byte : letter);
  }
}
