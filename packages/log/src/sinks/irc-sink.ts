import { hostname } from "node:os";
import { writerIdentity } from "../layout/identity.ts";
import { LEVELS } from "../levels.ts";
import { formatMessage } from "../message/format-message.ts";
import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { openStream, writeAll } from "../transport/stream-transport.ts";
import type { Transport } from "../transport/transport.ts";
import type { NetworkAddress } from "../transport/udp-transport.ts";
import { type DeliveryOptions, backgroundSink, deliveryOf } from "./background-sink.ts";

/** Where the IRC relay listens, and who announces. */
export interface IrcSinkOptions extends DeliveryOptions {
  readonly host: string;
  /** @defaultValue 9200 */
  readonly port?: number;
  /** Login name in the announcement. @defaultValue the user of this process */
  readonly user?: string;
  /** Name of this host in the announcement. @defaultValue the host name */
  readonly localHost?: string;
}

const STEP_TIMEOUT_MS = 1000;
const MAX_BYTES = 400;

/** Hands announcements (logger `scap.announce`, INFO and above) to a relay bot: one connection each, in the background. */
export function ircSink(options: IrcSinkOptions): Sink {
  const { host, port = 9200, user = writerIdentity().user, localHost = hostname() } = options;
  const transport = connectionPerMessage({ host, port });
  return backgroundSink({ name: "irc", transport, ...deliveryOf(options) }, (record) => {
    if (record.name !== "scap.announce" || record.levelno < LEVELS.INFO) return undefined;
    return announcement(record, `${user}@${localHost}`);
  });
}

// A line feed in a message would let it speak as the bot, so control characters become blanks.
function announcement(record: LogRecord, sender: string): Uint8Array {
  const text = `!log ${sender} ${formatMessage(record)}`
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")
    .trimEnd();
  const bytes = new Uint8Array(MAX_BYTES);
  // encodeInto stops before a character that does not fit.
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written);
}

function connectionPerMessage(address: NetworkAddress): Transport {
  return {
    send: async (message) => {
      const socket = await openStream(address, STEP_TIMEOUT_MS);
      try {
        await writeAll(socket, message, STEP_TIMEOUT_MS);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, STEP_TIMEOUT_MS);
          socket.end(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      } finally {
        socket.destroy();
      }
    },
    close: () => Promise.resolve(),
  };
}
