import { printable, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { createLogger } from "@scap/log";
import { relaySinks } from "./logs/relay-sinks.ts";

/** Tells the user, and others where announcements go. */
export interface Announcer {
  readonly announce: (text: string) => void;
  /** Waits for announcements that are on their way. */
  readonly close: () => Promise<void>;
}

/** For commands without a log of their own. With `--no-log-message` only the user is told. */
export async function announcer({ options, stderr }: Invocation, config: Config): Promise<Announcer> {
  const warn = (text: string): void => void stderr.write(printable(`warning: ${text}\n`));
  const sinks = options.flag("no-log-message") ? [] : await relaySinks(config, warn);
  const logger = createLogger({ name: "scap.announce", sinks });
  return {
    announce: (text) => {
      stderr.write(`${text}\n`);
      logger.info("%s", { args: [text] });
    },
    close: async () => {
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}
