import { spawn } from "node:child_process";
import { once } from "node:events";
import { MARKER } from "./marker.ts";

/** Cleans up behind the lab, also when its owner was killed. */
export interface Watchdog {
  /** Kills what is left of the lab and waits until that is done. */
  release(): Promise<void>;
}

/** What has to go when the owner goes. */
export interface WatchdogOptions {
  /** Prefix of the markers of the lab's processes. */
  readonly marker: string;
  /** Folder to remove, if any. */
  readonly removeDirectory?: string;
}

/**
 * Starts a small process that waits for the end of its standard input. The kernel closes that pipe with the owner,
 * however it dies.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const child = spawn(
    "/bin/sh",
    ["-c", SCRIPT, "scap-lab-watchdog", options.marker, options.removeDirectory ?? ""],
    {
      stdio: ["pipe", "ignore", "ignore"],
      // Its own session: Ctrl-C at the terminal must not reach it before it has cleaned up.
      detached: true,
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    },
  );
  child.unref();
  const exited = once(child, "exit");
  exited.catch(() => {});
  child.stdin.on("error", () => {});
  return {
    release: async (): Promise<void> => {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}

/** Two rounds find what a process had just forked while the first one was being killed. */
const SCRIPT = `
cat >/dev/null
for round in 1 2 3; do
  pids=$(grep -lsF -- "${MARKER}=$1" /proc/[0-9]*/environ | cut -d/ -f3)
  [ -n "$pids" ] || break
  kill -9 $pids
done 2>/dev/null
[ -z "$2" ] || rm -rf -- "$2"
`;
