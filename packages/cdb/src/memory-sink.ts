import type { CdbSink } from "./cdb-sink.ts";
import { HEADER_BYTES } from "./format.ts";

/** Keeps the new file in memory. */
export class MemorySink implements CdbSink {
  readonly startPosition: number = HEADER_BYTES;
  readonly #pieces: { readonly bytes: Buffer; readonly position: number }[] = [];

  write(bytes: Buffer, length: number, position: number, nextBytes: number): Buffer {
    this.writeNow(bytes.subarray(0, length), position);
    return bytes.length >= nextBytes ? bytes : Buffer.allocUnsafeSlow(nextBytes);
  }

  writeNow(bytes: Buffer, position: number): void {
    this.#pieces.push({ bytes: Buffer.from(bytes), position });
  }

  result(sizeBytes: number): Buffer {
    const file = Buffer.allocUnsafeSlow(sizeBytes);
    for (const { bytes, position } of this.#pieces) file.set(bytes, position);
    return file;
  }
}
