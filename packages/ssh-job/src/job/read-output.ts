import type { Readable } from "node:stream";

/**
 * Hands the chunks of a stream to `take`, one after the other; while a promise of it is pending no more is read. The
 * same as a loop over the stream, without the iterator and its watch over the end, which are a tenth of what a short
 * command costs this process.
 *
 * @returns when the stream has ended, or was destroyed, and nothing is pending
 * @throws what `take` throws, or the stream's error
 */
export async function readOutput(
  stream: Readable,
  take: (chunk: Buffer) => void | Promise<void>,
): Promise<void> {
  if (stream.closed) return;
  await new Promise<void>((resolve, reject) => {
    let pending: Promise<void> | undefined;
    const fail = (error: unknown): void => {
      stream.off("data", takeOne).destroy();
      reject(error);
    };
    const takeOne = (chunk: Buffer): void => {
      try {
        pending = take(chunk) ?? undefined;
      } catch (error) {
        return fail(error);
      }
      if (!pending) return undefined;
      stream.pause();
      pending.then(() => stream.resume(), fail);
      return undefined;
    };
    stream.on("data", takeOne).once("error", reject);
    stream.once("close", () => void Promise.resolve(pending).then(resolve, reject));
  });
}
