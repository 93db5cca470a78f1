import type { Io } from "./invocation.ts";

/** The world of this process. Its streams are opened when they are first used, since that takes time. */
export function processIo(): Io {
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    env: process.env,
    cwd: process.cwd(),
  };
}
