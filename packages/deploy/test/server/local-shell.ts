import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ShellConnection } from "../../src/server/delivery/run-script.ts";

/** How a {@link localShell} differs from this machine's own. */
export interface LocalShellOptions {
  /** Home of the ssh user. */
  readonly home: string;
  readonly path?: string;
  /** More variables that the login sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Closes the input of the next command after this many bytes, as a lost connection does. */
  cutAfterBytes?: number;
}

/** A connection to a host that is a shell of this machine; scripts run as they would on a target. */
export function localShell(options: LocalShellOptions): ShellConnection {
  return {
    start: async (script) => {
      const { cutAfterBytes, env = {}, home, path = "/usr/bin:/bin" } = options;
      delete options.cutAfterBytes;
      const child = spawn("/bin/sh", ["-c", script], { env: { HOME: home, PATH: path, ...env } });
      if (cutAfterBytes !== undefined) cut(child.stdin, cutAfterBytes);
      const exit = once(child, "exit").then(([code, signal]) => ({
        code: code as number | null, // Node's own types for this event
        signal: signal as string | null,
      }));
      return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit };
    },
  };
}

function cut(stdin: NodeJS.WritableStream, afterBytes: number): void {
  const write = stdin.write.bind(stdin);
  let left = afterBytes;
  stdin.write = (chunk: string | Uint8Array): boolean => {
    left -= chunk.length;
    if (left < 0) stdin.end();
    return left < 0 || write(chunk);
  };
}
