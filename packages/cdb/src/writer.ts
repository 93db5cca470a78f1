import { CdbEncoder, type CdbSummary } from "./encoder.ts";
import { CdbError, throwIfAborted } from "./errors.ts";
import { SyncFileSink } from "./file-sinks.ts";
import { removeStaleTempFilesOf, TempFile } from "./temp-file.ts";
import { type CdbData, toBytes } from "./data.ts";

/** How far a build is. */
export interface CdbProgress {
  /** Records put so far. */
  readonly records: number;
  /** Bytes of records so far, the index counted. */
  readonly bytes: number;
}

/** How a file is written. */
export interface WriteCdbOptions {
  /** Permissions of the new file, before the umask. @defaultValue 0o666 */
  readonly mode?: number;
  /** Flush file and directory to the disk before the new file counts as written. @defaultValue true */
  readonly flush?: boolean;
  /** Stops the work and removes the temporary file. */
  readonly signal?: AbortSignal;
  /** Told now and then how far the work is: about once a megabyte. */
  readonly onProgress?: (progress: CdbProgress) => void;
}

const PROGRESS_BYTES = 1 << 20;

/**
 * Starts a new CDB file. It takes the place of `path` only when {@link CdbWriter.finish} is called; until then the
 * records are in a temporary file next to it.
 *
 * @throws {@link CdbError} `CDB_IO` if the temporary file cannot be made
 */
export function createCdb(path: string, options: WriteCdbOptions = {}): CdbWriter {
  throwIfAborted(options.signal);
  removeStaleTempFilesOf(path);
  return new CdbWriter(new TempFile(path, { mode: options.mode ?? 0o666 }), options);
}

/** A CDB file being written; made by {@link createCdb}. */
export class CdbWriter {
  readonly #file: TempFile;
  readonly #options: WriteCdbOptions;
  readonly #encoder: CdbEncoder;
  #isOpen = true;
  #nextProgress = PROGRESS_BYTES;

  /** @internal */
  constructor(file: TempFile, options: WriteCdbOptions) {
    this.#file = file;
    this.#options = options;
    this.#encoder = new CdbEncoder(new SyncFileSink(file), file.target);
  }

  /** Records put so far. */
  get count(): number {
    return this.#encoder.count;
  }

  /**
   * Appends a record. A key may come more than once: all its values are kept, and a lookup finds the first.
   *
   * @throws {@link CdbError} `CDB_TEXT` for data that is not text or bytes, after which the writer can go on.
   * `CDB_TOO_LARGE` (the file would pass 4 GiB), `CDB_IO` and `CDB_ABORTED` end it and remove the temporary file.
   */
  put(key: CdbData, value: CdbData): this {
    this.#checkOpen();
    const keyBytes = toBytes(key, "key");
    const valueBytes = toBytes(value, "value");
    this.#guard(() => {
      throwIfAborted(this.#options.signal);
      this.#encoder.put(keyBytes, valueBytes);
      this.#reportProgress();
    });
    return this;
  }

  /** Writes tables and index, flushes, and puts the file in its place. */
  finish(): CdbSummary {
    this.#checkOpen();
    return this.#guard(() => {
      throwIfAborted(this.#options.signal);
      const summary = this.#encoder.finish();
      this.#file.commit({ flush: this.#options.flush ?? true });
      this.#isOpen = false;
      return summary;
    });
  }

  /** Gives up and removes the temporary file. The old file, if any, stays. Does nothing after `finish`. */
  abort(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#file.discard();
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #reportProgress(): void {
    if (this.#encoder.position < this.#nextProgress) return;
    this.#nextProgress = this.#encoder.position + PROGRESS_BYTES;
    this.#options.onProgress?.({ records: this.#encoder.count, bytes: this.#encoder.position });
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new CdbError("CDB_CLOSED", "the writer is closed", { path: this.#file.target });
  }
}
