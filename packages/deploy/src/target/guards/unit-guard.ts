import { spawn, type ChildProcess } from "node:child_process";

import type { OwnCommand } from "./promote-guard.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Waits for the word that a switch and what follows it are through. When the pipe ends without, the worker has gone in
 * between, and the command brings it to an end. It is a shell in a session of its own, so that it outlives the worker,
 * sshd and the connection.
 */
const GUARD = `
trap '' HUP
read -r word && exit 0
exec "$@"
`;

/** What {@link UnitGuard} needs. */
export interface UnitGuardOptions {
  readonly paths: TargetPaths;
  /** Parent directory of repositories, as the worker was told. */
  readonly gitDeployDir: string;
  readonly run: string;
  /** Longest time for bringing it to an end, in milliseconds. */
  readonly timeoutMs: number;
  /** Group of the host, for its checks. */
  readonly group: string | undefined;
  readonly command: OwnCommand;
}

/**
 * Sees to it that code, configuration and services stay one unit: what this process begins with a switch is brought to an
 * end on this host, also when the deploy server or this process is gone.
 */
export class UnitGuard {
  readonly #options: UnitGuardOptions;
  #process: ChildProcess | undefined;

  constructor(options: UnitGuardOptions) {
    this.#options = options;
  }

  /** Starts the process that outlives this one. Call before anything of the unit is changed. */
  start(): void {
    const { command, gitDeployDir, group = "", paths, run, timeoutMs } = this.#options;
    const words = [...command, "finish", paths.repo, gitDeployDir, run, String(timeoutMs), group];
    this.#process = spawn("/bin/sh", ["-c", GUARD, "scap-guard", ...words], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
    });
    // Without a guard the note of the switch is left, for scap status and the next run.
    this.#process.on("error", () => {});
    this.#process.stdin?.on("error", () => {});
    this.#process.unref();
  }

  /** Ends it: the unit is whole, or the deploy server knows that it is not and has decided what to do. */
  dismiss(): void {
    this.#process?.stdin?.end("done\n");
  }
}
