import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pythonJson } from "./lock-note.ts";

// The names are Python Scap's: its commands and ours answer each other.
const REQUEST = "scap-unlock-global";
const ANSWER = "scap-unlock-global-removed";

/** Where the files of the original are. */
export const DEFAULT_SIGNAL_DIR = "/tmp";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const MAX_REQUEST_BYTES = 64 * 1024;

/** What stands in a request to give the global lock up. */
export interface UnlockRequest {
  /** Who asks, by their own account. */
  readonly releaser: string;
  readonly reason: string;
  /** Who asks, by the owner of the file. */
  readonly ownerUid: number;
}

/** The two files by which the holder of the global lock is asked to give it up, one for each direction. */
export class UnlockFiles {
  readonly #requestPath: string;
  readonly #answerPath: string;

  constructor(directory: string = DEFAULT_SIGNAL_DIR) {
    this.#requestPath = join(directory, REQUEST);
    this.#answerPath = join(directory, ANSWER);
  }

  /** Something that changes whenever a new request is put there; undefined when there is none. */
  requestIdentity(): string | undefined {
    return identityOf(this.#requestPath);
  }

  /** The same for the answer. */
  answerIdentity(): string | undefined {
    return identityOf(this.#answerPath);
  }

  /** Puts a request there, complete from the first moment and following no link. @throws the system's error */
  writeRequest(request: { releaser: string; reason: string }): void {
    const temporary = `${this.#requestPath}.${randomUUID()}`;
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeSync(fd, pythonJson(request));
      fchmodSync(fd, 0o644);
    } finally {
      closeSync(fd);
    }
    try {
      renameSync(temporary, this.#requestPath);
    } catch (error) {
      unlinkSync(temporary);
      throw error;
    }
  }

  /** Reads the request; undefined when it is gone, not a regular file, or not (yet) complete. */
  readRequest(): UnlockRequest | undefined {
    let fd;
    try {
      fd = openSync(this.#requestPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return undefined;
    }
    try {
      const stats = fstatSync(fd);
      // Somebody who may not ask could give a file of somebody who may a second name.
      if (!stats.isFile() || stats.nlink !== 1 || stats.size > MAX_REQUEST_BYTES) return undefined;
      const said = whatIsSaid(JSON.parse(readFileSync(fd, "utf8")));
      return said && { ...said, ownerUid: stats.uid };
    } catch {
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  removeRequest(): void {
    removeIfPossible(this.#requestPath);
  }

  /** Tells the requester that the lock goes. An answer that somebody else left there stays: it does no harm. */
  writeAnswer(): void {
    removeIfPossible(this.#answerPath);
    try {
      closeSync(openSync(this.#answerPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o444));
    } catch {
      // The requester finds out from the lock itself.
    }
  }

  removeAnswer(): void {
    removeIfPossible(this.#answerPath);
  }
}

/** A JSON file that happens to lie there is no request. */
function whatIsSaid(record: unknown): Pick<UnlockRequest, "releaser" | "reason"> | undefined {
  if (typeof record !== "object" || record === null) return undefined;
  if (!("releaser" in record) || !("reason" in record)) return undefined;
  const { reason, releaser } = record;
  return typeof releaser === "string" && typeof reason === "string" ? { releaser, reason } : undefined;
}

function identityOf(path: string): string | undefined {
  try {
    const { ino, ctimeMs } = lstatSync(path);
    return `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}

function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or it belongs to somebody else in a sticky directory.
  }
}
