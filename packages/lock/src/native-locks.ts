import { LockError } from "./errors.ts";

/** Whether others may hold the lock at the same time (`shared`) or not (`exclusive`). */
export type LockMode = "exclusive" | "shared";

/** The few C library calls that Node lacks. */
export interface NativeLocks {
  /** Tries to lock the whole file without waiting; false when somebody else has it. */
  tryLock(fd: number, mode: LockMode): boolean;
  /** Gives the lock of this open file up. */
  unlock(fd: number): void;
  /** Asks which kind of lock of somebody else is on the file. */
  conflictingLock(fd: number): LockMode | undefined;
  /** Login name of the terminal session, when there is one. */
  loginName(): string | undefined;
  /** Account name of a user id, when it has one. */
  accountName(uid: number): string | undefined;
  /** Id of a group, when there is one of that name. */
  groupId(name: string): number | undefined;
}

// Linux numbers. Open-file-description locks conflict with the POSIX locks of Python's fcntl.lockf, but are
// not lost when another descriptor of the same file is closed in this process.
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const TYPES = { shared: 0, exclusive: 1, unlock: 2 } as const;
const ERRNO = { EACCES: 13, EAGAIN: 11, EINTR: 4 } as const;

interface FlockRecord {
  l_type: number;
  l_whence: number;
  l_start: number;
  l_len: number;
  l_pid: number;
}

/**
 * Loads the C library binding; nothing native is loaded before the first lock is wanted.
 *
 * @throws LockError `LOCK_UNSUPPORTED` on systems other than Linux, or when koffi has no build for this one.
 */
export async function loadNativeLocks(): Promise<NativeLocks> {
  if (process.platform !== "linux") {
    throw new LockError(`Deployment locks need Linux, this is ${process.platform}`, {
      code: "LOCK_UNSUPPORTED",
    });
  }
  const koffi = await import("koffi").catch((cause: unknown) => {
    throw new LockError(`Cannot load koffi, which locks need on ${process.platform}-${process.arch}`, {
      code: "LOCK_UNSUPPORTED",
      hint: "Install the optional dependencies of koffi (npm install without --omit=optional).",
      cause,
    });
  });
  const libc = koffi.load(null);
  const flock = koffi.struct({
    l_type: "short",
    l_whence: "short",
    l_start: "int64",
    l_len: "int64",
    l_pid: "int",
  });
  const flockPointer = koffi.inout(koffi.pointer(flock));
  const fcntl = libc.func("fcntl", "int", ["int", "int", "..."]);
  const passwd = koffi.struct({ pw_name: "str" });
  const getpwuid = libc.func("getpwuid", koffi.pointer(passwd), ["unsigned int"]);
  const group = koffi.struct({ gr_name: "str", gr_passwd: "str", gr_gid: "unsigned int" });
  const getgrnam = libc.func("getgrnam", koffi.pointer(group), ["str"]);
  const getlogin = libc.func("getlogin", "str", []);

  const control = (fd: number, command: number, type: number): { errno: number; record: FlockRecord } => {
    const record = { l_type: type, l_whence: 0, l_start: 0, l_len: 0, l_pid: 0 };
    for (;;) {
      const failed = fcntl(fd, command, flockPointer, record) === -1;
      const errno = failed ? koffi.errno() : 0;
      if (errno !== ERRNO.EINTR) return { errno, record };
    }
  };

  return {
    tryLock(fd, mode) {
      const { errno } = control(fd, F_OFD_SETLK, TYPES[mode]);
      if (errno === ERRNO.EAGAIN || errno === ERRNO.EACCES) return false;
      if (errno !== 0) throw systemError("fcntl(F_OFD_SETLK)", errno);
      return true;
    },
    unlock(fd) {
      const { errno } = control(fd, F_OFD_SETLK, TYPES.unlock);
      if (errno !== 0) throw systemError("fcntl(F_OFD_SETLK)", errno);
    },
    conflictingLock(fd) {
      const { errno, record } = control(fd, F_OFD_GETLK, TYPES.exclusive);
      if (errno !== 0) throw systemError("fcntl(F_OFD_GETLK)", errno);
      if (record.l_type === TYPES.unlock) return undefined;
      return record.l_type === TYPES.exclusive ? "exclusive" : "shared";
    },
    loginName: () => nonEmpty(getlogin()),
    accountName(uid) {
      const entry: unknown = getpwuid(uid);
      return entry === null ? undefined : nonEmpty(koffi.decode(entry, passwd).pw_name);
    },
    groupId(name) {
      const entry: unknown = getgrnam(name);
      return entry === null ? undefined : Number(koffi.decode(entry, group).gr_gid);
    },
  };
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function systemError(call: string, errno: number): LockError {
  return new LockError(`${call} failed with error number ${errno}`, { code: "LOCK_SYSTEM_FAILED" });
}
