import type { Logger } from "@scap/log";
import { RecordRelay } from "@scap/ssh-job";

/**
 * Makes what passes the output of targets on to the log: records under `target.<host>.<their name>`, with the host set
 * to the one that said it, other text as debug records. What a target says is never taken for an event of the
 * deployment.
 */
export function createLineRelay(logger: Logger): (host: string, line: string) => void {
  const relays = new Map<string, RecordRelay>();
  return (host, line) => {
    const relay = relays.get(host) ?? hostRelay(logger, host);
    relays.set(host, relay);
    if (line !== "") relay.push(Buffer.from(`${line}\n`));
  };
}

function hostRelay(logger: Logger, host: string): RecordRelay {
  // The relay tells the text of a record too, right after the record itself.
  let isRecord = false;
  return new RecordRelay({
    host,
    onRecord: ({ event: _claimed, ...record }) => {
      isRecord = true;
      logger.emit(record);
    },
    onText: (text) => {
      if (!isRecord) logger.named(`target.${host}`).debug(text.replace(/\n$/, ""), { host });
      isRecord = false;
    },
  });
}
