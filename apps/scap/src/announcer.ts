import type { Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { createLogger } from "@scap/log";
import { relaySinks } from "./relay-sinks.ts";

/** Tells the user, and others where announcements go. */
export interface Announcer {
  readonly announce: (text: string) => void;
  /** Waits for announcements that are on their way. */
  readonly close: () => Promise<void>;
}

/** For commands without a log of their own. With `--no-log-message` only the user is told. */
export function announcer({ options, stderr }: Invocation, config: Config): Announcer {
  const sinks = options.flag("no-log-message") ? [] : relaySinks(config);
  const logger = createLogger({ name: "scap.announce", sinks });
  return {
    announce: (text) => {
      stderr.write(`${text}\n`);
      logger.info("%s", { args: [text] });
    },
    close: async () => {
      for (const sink of sinks) await sink.close();
    },
  };
}
