import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { BackgroundSender, type BackgroundSenderOptions } from "../transport/background-sender.ts";

/** What the sinks that send to a receiver have in common. */
export interface DeliveryOptions {
  /** Most records that wait for the receiver; more are dropped and counted. @defaultValue 10_000 */
  readonly maxWaiting?: number;
  /** How long `close` goes on sending what waits, in milliseconds. @defaultValue 2000 */
  readonly closeTimeoutMs?: number;
  /** Told once when sending fails, and at the end how many records were lost. */
  readonly onProblem?: (message: string) => void;
}

/** A sink that encodes records at once and sends them in the background; `encode` may leave a record out. */
export function backgroundSink(
  options: BackgroundSenderOptions,
  encode: (record: LogRecord) => Uint8Array | undefined,
): Sink {
  const sender = new BackgroundSender(options);
  return {
    name: options.name,
    write: (record) => {
      const message = encode(record);
      if (message) sender.push(message);
    },
    flush: () => sender.flush(),
    dropped: () => sender.dropped,
    close: () => sender.close(),
  };
}

/** The parts of the delivery options that were given. */
export function deliveryOf(options: DeliveryOptions): DeliveryOptions {
  const { maxWaiting, closeTimeoutMs, onProblem } = options;
  return {
    ...(maxWaiting !== undefined && { maxWaiting }),
    ...(closeTimeoutMs !== undefined && { closeTimeoutMs }),
    ...(onProblem && { onProblem }),
  };
}
