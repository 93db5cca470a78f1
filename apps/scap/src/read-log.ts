import { resolve } from "node:path";
import type { Invocation } from "@scap/cli";
import { readRecords, type LooseRecord } from "@scap/log";

/**
 * All records of a log file, or of standard input for `-`. Lines that are no record are counted on standard error.
 *
 * @throws LogError when the file cannot be read
 */
export async function readLog(
  { cwd, interrupts, stderr, stdin }: Invocation,
  file: string,
): Promise<LooseRecord[]> {
  const records: LooseRecord[] = [];
  const { unreadableLines } = await readRecords(file === "-" ? stdin : resolve(cwd, file), {
    onRecord: (record) => records.push(record),
    signal: interrupts.stop,
  });
  if (unreadableLines > 0) stderr.write(`warning: ${unreadableLines} lines of ${file} are no records\n`);
  return records;
}
