import type { Io, Output } from "./invocation.ts";

/**
 * Where questions go: standard error, or the terminal itself where that is a file or a pipe, as in
 * `scap deploy 2>&1 | tee log`. Undefined when nobody can be asked.
 *
 * @param device - the terminal of this process. @defaultValue "/dev/tty"
 */
export function questionOutput({ stdin, stderr }: Io, device = "/dev/tty"): Output | undefined {
  if (stdin.isTTY !== true) return undefined;
  if (stderr.isTTY === true) return stderr;
  try {
    // Few commands ask through a pipe; the others must not wait for these modules when they start.
    const { openSync } = process.getBuiltinModule("node:fs");
    const { WriteStream } = process.getBuiltinModule("node:tty");
    return new WriteStream(openSync(device, "w"));
  } catch {
    return undefined;
  }
}
