import { writeSync } from "node:fs";
import { errnoOf, ioError } from "../errors.ts";

/** Whoever read the output has enough of it. */
export class OutputClosedError extends Error {}

const RETRY_AFTER_MS = 2;

/** Writes to standard output at once, so that nothing is lost when the process ends. */
export class StandardOutput {
  readonly #fd: number;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));

  constructor(fd = 1) {
    this.#fd = fd;
  }

  line(text: string): void {
    const bytes = Buffer.from(`${text}\n`);
    this.write(bytes, bytes.length);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Writes the first `length` bytes. @throws OutputClosedError if the reader is gone */
  readonly write = (bytes: Uint8Array, length: number): void => {
    for (let done = 0; done < length;) {
      try {
        done += writeSync(this.#fd, bytes, done, length - done);
      } catch (error) {
        this.#handle(error);
      }
    }
  };

  /** A pipe that somebody else made non-blocking can be full: wait a little. */
  #handle(error: unknown): void {
    const errno = errnoOf(error);
    if (errno === "EPIPE") throw new OutputClosedError();
    if (errno !== "EAGAIN") throw ioError("write", "standard output", error);
    Atomics.wait(this.#pause, 0, 0, RETRY_AFTER_MS);
  }
}
