import type { LogRecord } from "./record.ts";

/** Where records go. `write` never waits and never throws for trouble on the receiving side. */
export interface Sink {
  /** Short name for messages about this sink, for example `syslog`. */
  readonly name?: string;
  /** Takes a record. Returns at once; slow receivers are served in the background. */
  write(record: LogRecord): void;
  /** Resolves when everything written so far has been handed over, or given up. */
  flush?(): Promise<void>;
  /** How many records were dropped so far because the receiver failed or was too slow. */
  dropped?(): number;
  /** Hands over what is left, within a bounded time, and frees all resources. */
  close(): Promise<void>;
}
