import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { encodeRecord } from "../encode-record.ts";
import { LogError } from "../errors.ts";
import { fileProblem } from "../file-problem.ts";
import { LEVELS } from "../levels.ts";
import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";

/** Where and how the log file is written. */
export interface FileSinkOptions {
  /** Path of the file; missing directories are made, an existing file is appended to. */
  readonly path: string;
  /** Permission bits of a new file, regardless of the umask. @defaultValue 0o640 */
  readonly mode?: number;
  /** The `host` of records that have none. @defaultValue the short name of this host */
  readonly host?: string;
  /** Told once when writing starts to fail, and once when it works again. */
  readonly onProblem?: (message: string) => void;
  /** Time in milliseconds, for the pause between attempts after a failure. @defaultValue Date.now */
  readonly clock?: () => number;
}

const BATCH_CHARACTERS = 64 * 1024;
const RETRY_MS = 1000;
const LINE_FEED = 0x0a;

/**
 * Appends records to a file. Records of one turn of the event loop are written together, at the end of the
 * process at the latest. When the disk is full or failing, records are dropped and counted, `onProblem` is told
 * once, and a marker record fills the gap in the file as soon as it can be written.
 *
 * @throws LogError `LOG_UNWRITABLE`, naming the file and the reason, when it cannot be opened at the start
 */
export function fileSink(options: FileSinkOptions): Sink {
  const file = new AppendFile(options);
  return {
    name: "file",
    write: (record) => file.append(record),
    flush: () => Promise.resolve(file.writeOut(true)),
    dropped: () => file.dropped,
    close: () => Promise.resolve(file.close()),
  };
}

class AppendFile {
  dropped = 0;
  readonly #path: string;
  readonly #host: string;
  readonly #onProblem: (message: string) => void;
  readonly #clock: () => number;
  readonly #fd: number;
  readonly #onExit = (): void => this.writeOut(true);
  #batch = "";
  #count = 0;
  #scheduled: NodeJS.Immediate | undefined;
  #failedAtMs: number | undefined;
  #gap = 0;
  #reason = "";
  #endsMidLine: boolean;
  #isOpen = true;

  constructor({ path, mode = 0o640, host, onProblem, clock }: FileSinkOptions) {
    this.#path = path;
    this.#host = host ?? hostname().split(".")[0] ?? "localhost";
    this.#onProblem = onProblem ?? ((): void => undefined);
    this.#clock = clock ?? Date.now;
    try {
      mkdirSync(dirname(path), { recursive: true });
      [this.#fd, this.#endsMidLine] = openForAppend(path, mode);
    } catch (cause) {
      const reason = fileProblem(cause as NodeJS.ErrnoException);
      throw new LogError(`Cannot write the log file ${path}: ${reason}`, {
        code: "LOG_UNWRITABLE",
        hint: `Make ${dirname(path)} writable for you, and free some space there.`,
        cause,
      });
    }
    process.on("exit", this.#onExit);
  }

  append(record: LogRecord): void {
    if (!this.#isOpen) return;
    const withHost = record.host === undefined ? { ...record, host: this.#host } : record;
    this.#batch += `${encodeRecord(withHost)}\n`;
    this.#count += 1;
    if (this.#batch.length >= BATCH_CHARACTERS) this.writeOut(false);
    else this.#scheduled ??= setImmediate(() => this.writeOut(false));
  }

  writeOut(isLastChance: boolean): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#count === 0 && !(isLastChance && this.#gap > 0)) return;
    const isPausing = this.#failedAtMs !== undefined && this.#clock() - this.#failedAtMs < RETRY_MS;
    if (isPausing && !isLastChance) this.#dropBatch();
    else this.#tryBatch();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.writeOut(true);
    this.#isOpen = false;
    process.off("exit", this.#onExit);
    closeSync(this.#fd);
  }

  #tryBatch(): void {
    try {
      if (this.#endsMidLine) this.#writeWhole("\n");
      if (this.#gap > 0) this.#writeWhole(`${encodeRecord(this.#gapMarker())}\n`);
      this.#recovered();
      this.#writeWhole(this.#batch, () => (this.#count -= 1));
      this.#batch = "";
      this.#count = 0;
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  // A file system that runs full may take a part of what it is given; whole lines in that part are safe.
  #writeWhole(text: string, onLine?: () => void): void {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length;) {
      const end = at + writeSync(this.#fd, bytes, at);
      this.#endsMidLine = bytes[end - 1] !== LINE_FEED;
      if (end < bytes.length) for (const byte of bytes.subarray(at, end)) if (byte === LINE_FEED) onLine?.();
      at = end;
    }
  }

  #failed(error: Error): void {
    if (this.#failedAtMs === undefined) {
      this.#onProblem(
        `Cannot write the log file ${this.#path}: ${error.message}; records are dropped until it works`,
      );
    }
    this.#failedAtMs = this.#clock();
    this.#reason = error.message;
    this.#dropBatch();
  }

  #dropBatch(): void {
    this.dropped += this.#count;
    this.#gap += this.#count;
    this.#batch = "";
    this.#count = 0;
  }

  #recovered(): void {
    if (this.#failedAtMs === undefined) return;
    this.#onProblem(
      `The log file ${this.#path} can be written again; ${this.#gap} records are missing in it`,
    );
    this.#failedAtMs = undefined;
    this.#gap = 0;
  }

  #gapMarker(): LogRecord {
    return {
      name: "root",
      msg: "%d log records are missing here: %s",
      args: [this.#gap, this.#reason],
      levelno: LEVELS.WARNING,
      created: this.#clock() / 1000,
      host: this.#host,
      type: "log_gap",
    };
  }
}

// A writer that was killed may have left half a record; ours must not be glued to it.
function openForAppend(path: string, mode: number): [fd: number, endsMidLine: boolean] {
  const fd = openSync(path, "a+", mode);
  const { size } = fstatSync(fd);
  if (size === 0) fchmodSync(fd, mode);
  const last = Buffer.alloc(1, "\n");
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  return [fd, last[0] !== LINE_FEED];
}
