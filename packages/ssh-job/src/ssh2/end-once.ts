import type { Writable } from "node:stream";

/**
 * Makes ending a stream that has ended do nothing at all. ssh2 ends every channel again when Node destroys it, and
 * Node makes an error with a stack for that, which nobody gets: a tenth of what a short command costs this process.
 */
export function endOnce(stream: Writable): void {
  const end = stream.end.bind(stream) as (...args: readonly unknown[]) => Writable;
  stream.end = (...args: readonly unknown[]): typeof stream => {
    if (!stream.writableFinished) end(...args);
    return stream;
  };
}
