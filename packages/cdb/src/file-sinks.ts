import { write } from "node:fs";
import { type CdbSink, SINK_BUFFER_BYTES } from "./cdb-sink.ts";
import { type CdbError, ioError } from "./errors.ts";
import { HEADER_BYTES } from "./format.ts";
import type { TempFile } from "./temp-file.ts";

/** Writes while the caller waits. */
export class SyncFileSink implements CdbSink {
  readonly startPosition: number = HEADER_BYTES;
  readonly #file: TempFile;

  constructor(file: TempFile) {
    this.#file = file;
  }

  write(bytes: Buffer, length: number, position: number, nextBytes: number): Buffer {
    this.#file.write(bytes, length, position);
    return bytes.length >= nextBytes ? bytes : Buffer.allocUnsafeSlow(nextBytes);
  }

  writeNow(bytes: Buffer, position: number): void {
    this.#file.write(bytes, bytes.length, position);
  }
}

/** Writes in the background. Whoever fills it awaits `drain` now and then, which keeps the memory bounded. */
export class BackgroundFileSink implements CdbSink {
  readonly startPosition: number = HEADER_BYTES;
  readonly #file: TempFile;
  readonly #allocate: (length: number) => Buffer;
  readonly #free: Buffer[] = [];
  readonly #pending: Promise<void>[] = [];
  #error: CdbError | undefined;

  /** `allocate` gives memory for the pieces, unless a single record needs a large one. */
  constructor(file: TempFile, allocate: (length: number) => Buffer) {
    this.#file = file;
    this.#allocate = allocate;
  }

  write(bytes: Buffer, length: number, position: number, nextBytes: number): Buffer {
    this.#pending.push(this.#writeAll(bytes, length, position));
    if (nextBytes > SINK_BUFFER_BYTES) return Buffer.allocUnsafeSlow(nextBytes);
    return this.#free.pop() ?? this.#allocate(SINK_BUFFER_BYTES);
  }

  writeNow(bytes: Buffer, position: number): void {
    this.#file.write(bytes, bytes.length, position);
  }

  /** Waits until at most `pending` writes are under way. @throws CdbError `CDB_IO` if one failed */
  async drain(pending = 0): Promise<void> {
    while (this.#pending.length > pending) await this.#pending.shift();
    if (this.#error !== undefined) throw this.#error;
  }

  async #writeAll(bytes: Buffer, length: number, position: number): Promise<void> {
    try {
      for (let done = 0; done < length;) {
        done += await this.#writeSome(bytes, done, length - done, position + done);
      }
    } catch (error) {
      this.#error ??= ioError("write", this.#file.target, error);
    }
    if (bytes.length === SINK_BUFFER_BYTES) this.#free.push(bytes);
  }

  #writeSome(bytes: Buffer, start: number, length: number, position: number): Promise<number> {
    const { fd } = this.#file;
    const most = Math.min(length, 1 << 30);
    return new Promise((resolve, reject) => {
      write(fd, bytes, start, most, position, (error, count) => (error ? reject(error) : resolve(count)));
    });
  }
}
