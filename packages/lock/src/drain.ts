import { closeSync, constants, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { openLockFile } from "./lock-file.ts";
import type { LockGroup } from "./owner-check.ts";
import { readLockFiles } from "./holders.ts";
import type { NativeLocks } from "./native-locks.ts";

/** The environment variable by which a command tells its child commands that they belong to it. */
export const LOCK_TOKEN_VARIABLE = "SCAP_LOCK_TOKEN";

/**
 * Keeps new commands back while somebody waits to lock everything: without it, a steady stream of deployments would
 * keep the global lock shared for ever. The waiting process holds an exclusive lock on a file beside the global lock
 * (without "scap" in its name, which Python Scap would take for a lock), so the mark goes when that process does.
 */
export class Drain {
  readonly #native: NativeLocks;
  readonly #globalLock: string;
  readonly #group: LockGroup | undefined;

  constructor(native: NativeLocks, globalLock: string, group?: LockGroup) {
    this.#group = group;
    this.#native = native;
    this.#globalLock = globalLock;
  }

  /** Keeps new commands back until the returned function is called. */
  start(): () => void {
    const fd = openLockFile(this.#path, "exclusive", this.#group);
    this.#native.tryLock(fd, "exclusive");
    return () => closeSync(fd);
  }

  /** Whether a new command has to wait. Child commands of a holder of the global lock pass. */
  holdsBack(token: string | undefined): boolean {
    let fd;
    try {
      fd = openSync(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch {
      return false; // Nobody has waited since the machine was started.
    }
    try {
      return this.#native.conflictingLock(fd) === "exclusive" && !this.#isChildOfHolder(token);
    } finally {
      closeSync(fd);
    }
  }

  get #path(): string {
    return join(dirname(this.#globalLock), "global-lock.drain");
  }

  #isChildOfHolder(token: string | undefined): boolean {
    const { holders = [] } = readLockFiles([this.#globalLock]).get(this.#globalLock) ?? {};
    return holders.some(({ pid }) => pid === process.pid || String(pid) === token);
  }
}
