import type { Logger } from "@scap/log";
import { RecordRelay } from "@scap/ssh-job";
import { sizeText } from "../delivery/delivery-notes.ts";

/** What a host may say to the log of one deployment, in bytes: many times what stages and checks say at DEBUG. */
const MOST_BYTES = 32_000_000;

/** Passes on to the log what targets say. */
export interface LineRelay {
  /** Takes a line, without its end. */
  readonly pass: (host: string, line: string) => void;
  /** Logs for each host that said too much how much of it was left out. */
  readonly end: () => void;
}

/** Options of {@link createLineRelay}. */
export interface LineRelayOptions {
  /** What a host may say, in bytes; the rest is left out. @defaultValue 32_000_000 */
  readonly mostBytes?: number;
}

/**
 * Makes what passes the output of targets on to the log: records under `target.<host>.<their name>`, with the host set
 * to the one that said it, other text as debug records. What a target says is never taken for an event of the
 * deployment, and one that floods the log is soon left out of it.
 */
export function createLineRelay(
  logger: Logger,
  { mostBytes = MOST_BYTES }: LineRelayOptions = {},
): LineRelay {
  const relays = new Map<string, HostRelay>();
  return {
    pass(host, line) {
      const relay = relays.get(host) ?? new HostRelay(logger, host, mostBytes);
      relays.set(host, relay);
      if (line !== "") relay.pass(line);
    },
    end: () => relays.forEach((relay) => relay.end()),
  };
}

class HostRelay {
  readonly #host: string;
  readonly #logger: Logger;
  readonly #mostBytes: number;
  readonly #records: RecordRelay;
  #bytes = 0;
  #leftOut = { bytes: 0, lines: 0 };

  constructor(logger: Logger, host: string, mostBytes: number) {
    this.#host = host;
    this.#logger = logger;
    this.#mostBytes = mostBytes;
    this.#records = recordRelay(logger, host);
  }

  pass(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#bytes + bytes.length <= this.#mostBytes) {
      this.#bytes += bytes.length;
      this.#records.push(bytes);
      return;
    }
    // Shorter lines that would still fit would only hide where the gap is.
    this.#bytes = this.#mostBytes;
    if (this.#leftOut.lines === 0) this.#warn("%s has said %s: the rest is left out of the log", []);
    this.#leftOut = { bytes: this.#leftOut.bytes + bytes.length, lines: this.#leftOut.lines + 1 };
  }

  end(): void {
    const { bytes, lines } = this.#leftOut;
    if (lines > 0)
      this.#warn("%s has said more than %s: %d lines (%s) are not in the log", [lines, sizeText(bytes)]);
  }

  #warn(message: string, args: readonly (string | number)[]): void {
    this.#logger.warning(message, {
      args: [this.#host, sizeText(this.#mostBytes), ...args],
      host: this.#host,
    });
  }
}

function recordRelay(logger: Logger, host: string): RecordRelay {
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
