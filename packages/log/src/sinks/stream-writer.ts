/** The part of a writable stream that the sinks use. */
export interface OutputStream {
  /** Takes text; the callback is called when it has been handed over. */
  write(text: string, callback?: (error?: Error | null) => void): boolean;
  /** Bytes waiting to be written. */
  readonly writableLength?: number;
  /** Whether a person watches. */
  readonly isTTY?: boolean;
}

/** Writes entries to a stream without ever holding more than a bounded amount for a reader that does not read. */
export interface StreamWriter {
  write(entry: string): void;
  dropped(): number;
  flush(): Promise<void>;
}

const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const FLUSH_LIMIT_MS = 5000;

/** Makes a writer. Entries that find the stream full are dropped and counted; a line says so when there is room again. */
export function streamWriter(stream: OutputStream): StreamWriter {
  let dropped = 0;
  let unreported = 0;
  return {
    write: (entry) => {
      if ((stream.writableLength ?? 0) > MAX_WAITING_BYTES) {
        dropped += 1;
        unreported += 1;
        return;
      }
      if (unreported > 0) stream.write(`-- ${unreported} log records dropped: the reader was too slow\n`);
      unreported = 0;
      stream.write(entry);
    },
    dropped: () => dropped,
    flush: () => handedOver(stream),
  };
}

function handedOver(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_LIMIT_MS);
    stream.write("", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
