import {
  closeSync,
  constants,
  fsync,
  fsyncSync,
  fchmodSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { errnoOf, ioError } from "./errors.ts";

const flushFile = promisify(fsync);

/** One write call takes at most 2 GiB. */
const MAX_WRITE_BYTES = 1 << 30;
/** A temporary file without a process number in its name counts as left behind after an hour. */
const STALE_AFTER_MS = 3_600_000;

/** A file that takes the place of another one only when it is complete. */
export class TempFile {
  /** The file that is replaced in the end. */
  readonly target: string;
  /** Where the bytes are until then: unique, so that two writers do not meet. */
  readonly path: string;
  readonly fd: number;
  #isOpen = true;

  /**
   * @param mode permissions, of which the process's umask takes its part; `exactMode` is set as it is
   * @throws CdbError `CDB_IO`
   */
  constructor(target: string, { mode = 0o666, exactMode }: { mode?: number; exactMode?: number } = {}) {
    this.target = target;
    this.path = `${target}.${process.pid}.${randomDigits()}.tmp`;
    try {
      this.fd = openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, mode);
    } catch (error) {
      throw ioError("create", this.path, error);
    }
    if (exactMode !== undefined) fchmodSync(this.fd, exactMode);
  }

  /** Writes all of the bytes. @throws CdbError `CDB_IO` */
  write(bytes: Uint8Array, length: number, position: number): void {
    let done = 0;
    try {
      while (done < length) {
        done += writeSync(this.fd, bytes, done, Math.min(length - done, MAX_WRITE_BYTES), position + done);
      }
    } catch (error) {
      throw ioError("write", this.target, error);
    }
  }

  /** Flushes to the disk while the caller does something else. @throws CdbError `CDB_IO` */
  async flush(): Promise<void> {
    try {
      await flushFile(this.fd);
    } catch (error) {
      throw ioError("flush", this.target, error);
    }
  }

  /** Flushes to the disk unless told otherwise, then takes the target's place. Removes the file if that fails. */
  commit({ flush = true }: { flush?: boolean } = {}): void {
    try {
      if (flush) fsyncSync(this.fd);
      this.#close();
      renameSync(this.path, this.target);
      if (flush) flushDirectory(dirname(this.target));
    } catch (error) {
      this.discard();
      throw ioError("write", this.target, error);
    }
  }

  /** Removes the file. */
  discard(): void {
    this.#close();
    removeIfThere(this.path);
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.fd);
  }
}

/** Apart from other writers in this process; loading a better source would take longer than small files take. */
function randomDigits(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}

/** Makes renames in a directory survive a power cut. File systems that cannot do it are left alone. */
export function flushDirectory(directory: string): void {
  let fd: number;
  try {
    fd = openSync(directory, "r");
  } catch {
    // A directory that may be written but not read cannot be opened for flushing.
    return;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error;
  } finally {
    closeSync(fd);
  }
}

/**
 * Removes temporary files that a killed process left behind in a directory: those whose process is gone, and those
 * of other programs (`<name>.tmp`) that are more than an hour old.
 *
 * @param isTarget which files the temporary files were for
 */
export function removeStaleTempFiles(directory: string, isTarget: (name: string) => boolean): void {
  for (const name of readdirSync(directory)) {
    const parts = /^(.+?)(?:\.(\d+)\.[0-9a-f]{8})?\.tmp$/.exec(name);
    if (parts === null || !isTarget(parts[1] ?? "")) continue;
    const path = join(directory, name);
    if (parts[2] === undefined ? isOld(path) : !isRunning(Number(parts[2]))) removeIfThere(path);
  }
}

/** {@link removeStaleTempFiles} for one target. */
export function removeStaleTempFilesOf(target: string): void {
  try {
    removeStaleTempFiles(dirname(target), (name) => name === basename(target));
  } catch (error) {
    throw ioError("list", dirname(target), error);
  }
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && Date.now() - stat.mtimeMs > STALE_AFTER_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== "ESRCH";
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw ioError("remove", path, error);
  }
}
