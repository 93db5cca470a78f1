import { readEvent } from "@scap/events";
import type { LogRecord, LooseRecord } from "@scap/log";
import { plainRecord } from "@scap/report";

/**
 * Makes the records of a file fit for live views: every one has a time, and an event that lacks something that a view
 * reads is taken as text.
 */
export function replayRecords(records: readonly LooseRecord[]): LogRecord[] {
  let created = 0;
  return records.map((record) => {
    const plain = plainRecord(record, created);
    ({ created } = plain);
    const { levelno, name } = plain;
    const known = { args: [], msg: "", ...record, created, levelno, name } as LogRecord;
    if (record["event"] === undefined) return known;
    return readEvent(plain) === undefined
      ? { ...known, event: undefined }
      : { ...known, ...plain, args: known.args };
  });
}
