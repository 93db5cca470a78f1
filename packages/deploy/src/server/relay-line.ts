import { decodeRecord, type Logger } from "@scap/log";

/**
 * Passes one line of a target's output on to the log: a record under `target.<host>.<its name>` with the host set to
 * the one that said it, other text as a debug record.
 */
export function relayLine(logger: Logger, host: string, line: string): void {
  const text = line.replace(/^[\u0000-\u001f]+(?=\{)/, "");
  const record = text.startsWith("{") ? decodeRecord(text) : undefined;
  if (record === undefined) {
    if (line !== "") logger.named(`target.${host}`).debug(line, { host });
    return;
  }
  logger.emit({ ...record, name: `target.${host}.${record.name}`, host });
}
