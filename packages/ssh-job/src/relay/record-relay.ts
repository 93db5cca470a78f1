import { formatMessage, type LogRecord } from "@scap/log";
import { LineSplitter, type OutputLine } from "./line-splitter.ts";
import { relayedRecord } from "./relayed-record.ts";

/** Options of {@link RecordRelay}. */
export interface RecordRelayOptions {
  /** The host, as it was given to ssh. */
  readonly host: string;
  /** Log context of the job, put in front of the record's name. @defaultValue none */
  readonly context?: string;
  /** Gets every record of the target. */
  readonly onRecord: (record: LogRecord) => void;
  /** Gets the output as a person should read it: plain lines as they are, records as their messages. */
  readonly onText?: (text: string) => void;
  /** Longest line that can be a record; longer ones are plain text. @defaultValue 1 MiB */
  readonly longestLine?: number;
  /** Seconds since the epoch. @defaultValue the system's clock */
  readonly now?: () => number;
}

const LONGEST_LINE = 1024 * 1024;

/**
 * Turns the output of a target into log records, line by line. A line that is no valid record is plain text and
 * disturbs nothing; neither do bytes that are not UTF-8, nor characters split between two reads.
 */
export class RecordRelay {
  readonly #options: RecordRelayOptions;
  readonly #lines: LineSplitter;

  constructor(options: RecordRelayOptions) {
    this.#options = options;
    this.#lines = new LineSplitter(options.longestLine ?? LONGEST_LINE);
  }

  /** The text after the last line feed, which waits for its rest. */
  get pending(): string {
    return this.#lines.pending;
  }

  /** Takes a piece of output. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk).forEach((line) => this.#pass(line));
  }

  /** The stream has ended: passes on a last line without line feed, often the reason of a crash. */
  end(): void {
    for (const { text } of this.#lines.end()) {
      if (!this.#passRecord(text)) this.#options.onText?.(text);
    }
  }

  #pass({ text, isComplete }: OutputLine): void {
    if (isComplete && this.#passRecord(text)) return;
    this.#options.onText?.(isComplete ? `${text}\n` : text);
  }

  #passRecord(line: string): boolean {
    const { host, context = "", onRecord, onText, now = systemSeconds } = this.#options;
    const record = relayedRecord(line, { host, context, receivedAt: now() });
    if (!record) return false;
    onRecord(record);
    onText?.(`${formatMessage(record)}\n`);
    return true;
  }
}

function systemSeconds(): number {
  return Date.now() / 1000;
}
