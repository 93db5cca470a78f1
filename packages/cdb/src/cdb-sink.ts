/** Where the bytes of a new CDB file go. */
export interface CdbSink {
  /** File position of the first record: 2048, or more to test what happens near the end of 4 GiB. */
  readonly startPosition: number;
  /**
   * Takes the first `length` bytes of a buffer for a file position, and gives a buffer of at least `nextBytes` bytes
   * to fill next: the same one if its bytes are already written, another one if they are still on their way.
   */
  write(bytes: Buffer, length: number, position: number, nextBytes: number): Buffer;
  /** Takes bytes whose memory is used again after the call. */
  writeNow(bytes: Buffer, position: number): void;
}

/** Size of the buffers that are handed to a sink, unless a record is larger. */
export const SINK_BUFFER_BYTES: number = 1 << 18;
