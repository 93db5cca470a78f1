import type { Io } from "./invocation.ts";

/** The world of this process. Its streams are opened when they are first used, since that takes time. */
export function processIo(): Io {
  let stderr: Io["stderr"] | undefined;
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      // Without standard error there is nobody left to tell that it cannot be written.
      return (stderr ??= process.stderr.on("error", () => undefined));
    },
    env: process.env,
    cwd: process.cwd(),
  };
}
