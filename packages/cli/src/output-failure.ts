import type { Io } from "./invocation.ts";

/** What became of the program's output. */
export interface OutputWatch {
  /** Why standard output could not be written, if it could not; a reader that has left is no failure. */
  failure(): Promise<Error | undefined>;
}

/**
 * Keeps output that cannot be written from ending the program. Work goes on when nobody reads any more, as in
 * `scap run ... | head -1`: a deployment must not stop half-way because a pager was closed.
 */
export function watchOutput({ stdout }: Pick<Io, "stdout">): OutputWatch {
  let failed: Error | undefined;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") failed ??= error;
  });
  return {
    failure: async () => {
      // A stream tells of an error a moment after the write.
      await new Promise((resolve) => setImmediate(resolve));
      return failed;
    },
  };
}
