import { CdbError } from "../errors.ts";
import type { CdbReader } from "../reader.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { RecordCursor } from "../record-cursor.ts";
import { printable } from "../data.ts";
import { JsonStringWriter, type WriteChunk } from "./string-writer.ts";

/** How the JSON exchange form is written. */
export interface EncodeJsonOptions {
  /** Told each further record of a key that was there already. Only the first one is written. */
  readonly onDuplicate?: (key: Buffer) => void;
}

/** What is used again for the next text. */
export interface EncodeJsonMemory {
  readonly kernel: Kernel | undefined;
  /** Where the pieces are made. */
  readonly text: Buffer;
}

/** New {@link EncodeJsonMemory} for a text. */
export function encodeJsonMemory(kernel: Kernel | undefined): EncodeJsonMemory {
  return { kernel, text: kernel?.allocate(CHUNK_BYTES) ?? Buffer.allocUnsafeSlow(CHUNK_BYTES) };
}

const CHUNK_BYTES = 1 << 18;
const ascii = (text: string): Buffer => Buffer.from(text, "latin1");
const FIRST_MEMBER = ascii('{"');
const NEXT_MEMBER = ascii('",\n"');
const TO_VALUE = ascii('":"');
const EMPTY_OBJECT = ascii("{}");
const END = ascii('"}');

/**
 * Writes a database as one JSON object of strings, one member a line, in pure ASCII: the form that MediaWiki's
 * localisation cache files are exchanged in.
 *
 * @returns the number of members
 * @throws CdbError `CDB_TEXT` if a key or value is not UTF-8
 */
export function encodeJson(
  reader: CdbReader,
  write: WriteChunk,
  options: EncodeJsonOptions = {},
  memory: EncodeJsonMemory = encodeJsonMemory(Kernel.start(reader.sizeBytes)),
): number {
  const repeated = findRepeatedRecords(reader);
  const output = new JsonStringWriter(write, memory.text);
  const cursor = reader.cursor();
  const kernel = repeated.size === 0 ? memory.kernel : undefined;
  let members = 0;
  while (cursor.next()) {
    if (repeated.has(cursor.position)) {
      options.onDuplicate?.(Buffer.from(cursor.key()));
      continue;
    }
    output.raw(members++ === 0 ? FIRST_MEMBER : NEXT_MEMBER);
    writeMember(cursor, output, reader.path);
    while (kernel?.isDue() === true) {
      const progress = kernel.jsonOfRecords(cursor.rest(), output.room());
      cursor.skip(progress);
      output.take(progress.bytesWritten);
      members += progress.records;
    }
  }
  output.raw(members === 0 ? EMPTY_OBJECT : END);
  output.flush();
  return members;
}

function writeMember(cursor: RecordCursor, output: JsonStringWriter, path: string | undefined): void {
  const { bytes, keyStart, valueStart } = cursor;
  const valueEnd = valueStart + cursor.valueLength;
  let wrong = output.escaped(bytes, keyStart, valueStart);
  if (wrong !== valueStart) throw notText(cursor, "key", wrong, path);
  output.raw(TO_VALUE);
  wrong = output.escaped(bytes, valueStart, valueEnd);
  if (wrong !== valueEnd) throw notText(cursor, "value", wrong, path);
}

function notText(
  cursor: RecordCursor,
  what: "key" | "value",
  at: number,
  path: string | undefined,
): CdbError {
  const name = what === "key" ? "the key" : "the value of the key";
  return new CdbError(
    "CDB_TEXT",
    `${name} ${printable(cursor.key())} is not UTF-8, which JSON cannot carry`,
    {
      path,
      offset: cursor.position + 8 + at - cursor.keyStart,
    },
  );
}

/** Positions of the records whose key came before. Looks closer only if two keys may be the same. */
function findRepeatedRecords(reader: CdbReader): Set<number> {
  const repeated = new Set<number>();
  if (!reader.mayRepeatKeys()) return repeated;
  const seen = new Set<string>();
  const cursor = reader.cursor();
  while (cursor.next()) {
    const key = cursor.bytes.toString("latin1", cursor.keyStart, cursor.valueStart);
    if (seen.has(key)) repeated.add(cursor.position);
    seen.add(key);
  }
  return repeated;
}
