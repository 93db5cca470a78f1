import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { createForAll, createForGroup } from "./create-lock-file.ts";
import { LockError } from "./errors.ts";
import type { LockMode } from "./native-locks.ts";
import type { LockGroup, OwnerCheck } from "./owner-check.ts";

/** What everybody may do with a file, of its mode. */
const OTHERS = 0o007;

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/**
 * Opens a lock file, creating it and its directory when missing.
 *
 * @param group - nobody else may open the file then, and so hold its lock; without it anybody may, as Python Scap has it.
 * @returns the descriptor; the caller closes it.
 * @throws LockError `LOCK_OPEN_FAILED`, `LOCK_BAD_OPTION` for a path without directory, `LOCK_UNTRUSTED`.
 */
export function openLockFile(path: string, mode: LockMode, group?: LockGroup): number {
  createDirectory(path);
  const fd = createOrOpen(path, mode, group);
  try {
    const stats = fstatSync(fd);
    verify(path, stats, group?.isTrustedOwner);
    if (group !== undefined && (stats.mode & OTHERS) !== 0) closeToOthers(fd, stats, group);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

function createDirectory(path: string): void {
  if (!path.includes("/")) {
    throw new LockError(`Lock path "${path}" has no directory part`, {
      code: "LOCK_BAD_OPTION",
      path,
      hint: "Give the lock file with its directory, for example /var/lock/name.lock.",
    });
  }
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o775 });
  } catch (cause) {
    throw new LockError(`Cannot create lock directory ${directory}: ${reasonOf(cause)}`, {
      code: "LOCK_OPEN_FAILED",
      path,
      cause,
    });
  }
}

function createOrOpen(path: string, mode: LockMode, group: LockGroup | undefined): number {
  const access = (mode === "exclusive" ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK;
  try {
    // Creating and opening are two calls: with fs.protected_regular the kernel refuses O_CREAT on another
    // user's file in a sticky directory.
    if (group === undefined) return createForAll(path, access);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return createForGroup(path, access, group);
  } catch (error) {
    if (error instanceof LockError) throw error;
    if (codeOf(error) !== "EEXIST") throw openError(path, error);
  }
  try {
    return openSync(path, access);
  } catch (error) {
    throw openError(path, error);
  }
}

/** A file that was there keeps its mode where only its owner, somebody else, could change it. */
function closeToOthers(fd: number, { uid }: Stats, { id }: LockGroup): void {
  try {
    fchownSync(fd, uid, id);
    fchmodSync(fd, 0o660);
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
  }
}

function verify(path: string, stats: Stats, isTrustedOwner: OwnerCheck | undefined): void {
  if (!stats.isFile()) {
    throw new LockError(`Cannot lock ${path}: not a regular file`, { code: "LOCK_OPEN_FAILED", path });
  }
  if (isTrustedOwner && !isTrustedOwner(stats.uid)) {
    throw new LockError(`Cannot lock ${path}: it belongs to user id ${stats.uid}, who may not deploy`, {
      code: "LOCK_UNTRUSTED",
      path,
      hint: "Remove the file when nothing is being deployed, or add its owner to the deployment group.",
    });
  }
}

function openError(path: string, cause: unknown): LockError {
  return new LockError(`Cannot open lock file ${path}: ${reasonOf(cause)}`, {
    code: "LOCK_OPEN_FAILED",
    path,
    cause,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "a part of the path is not a directory",
  EISDIR: "is a directory",
  ELOOP: "is a symbolic link, which is not followed",
  ENOSPC: "no space left on device",
  ENOTDIR: "a part of the path is not a directory",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? (code || String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
