import { randomUUID } from "node:crypto";
import { closeSync, constants, fchmodSync, fchownSync, linkSync, openSync, unlinkSync } from "node:fs";
import { LockError } from "./errors.ts";
import type { LockGroup } from "./owner-check.ts";

const { O_CREAT, O_EXCL } = constants;

/** Creates a lock file that anybody may use, as Python Scap does. @throws the system's error */
export function createForAll(path: string, access: number): number {
  const fd = openSync(path, access | O_CREAT | O_EXCL, 0o666);
  fchmodSync(fd, 0o666);
  return fd;
}

/**
 * Creates a lock file for a group alone. It gets its name when it is the group's: others of the group may come at the
 * same moment.
 *
 * @throws LockError `LOCK_UNTRUSTED` when this process is not of the group; the system's error
 */
export function createForGroup(path: string, access: number, group: LockGroup): number {
  const unnamed = `${path}.${randomUUID()}`;
  const fd = openSync(unnamed, access | O_CREAT | O_EXCL, 0o600);
  try {
    giveToGroup(fd, path, group);
    linkSync(unnamed, path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  } finally {
    unlinkSync(unnamed);
  }
}

/** Of somebody outside of the group the others would refuse the file. */
function giveToGroup(fd: number, path: string, { id, name }: LockGroup): void {
  try {
    fchownSync(fd, process.geteuid?.() ?? -1, id);
    fchmodSync(fd, 0o660);
  } catch (cause) {
    throw new LockError(`Cannot lock ${path}: the file cannot be given to the group ${name}`, {
      code: "LOCK_UNTRUSTED",
      path,
      hint: `Only members of ${name} (lock_group) may lock.`,
      cause,
    });
  }
}
