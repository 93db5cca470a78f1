import type { LogRecord, Sink } from "@scap/log";
import type { Notifier } from "./plugin.ts";

/** Longest wait for what is under way when the command ends, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Hands announcements and events to a plugin, one after the other, in the background. */
export function notifierSink({ name, notify }: Notifier, warn: (text: string) => void): Sink {
  let queue: Promise<unknown> = Promise.resolve();
  let hasFailed = false;
  const tell = async (record: LogRecord): Promise<void> => {
    try {
      await notify(record);
    } catch (error) {
      if (!hasFailed)
        warn(`the notifier ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
      hasFailed = true;
    }
  };
  return {
    write: (record) => {
      if (record.name === "scap.announce" || typeof record["event"] === "string")
        queue = queue.then(() => tell(record));
    },
    close: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
      await Promise.race([queue, late]);
      clearTimeout(timer);
    },
  };
}
