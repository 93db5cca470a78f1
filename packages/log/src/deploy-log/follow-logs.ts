import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { LineScanner } from "./line-scanner.ts";
import { type LogFile, newestLogs } from "./newest-log.ts";
import { watchDirectory } from "./watch-directory.ts";

/** What is followed, and who gets the bytes. */
export interface FollowOptions {
  /** Directory of the log files. */
  readonly directory: string;
  /** Closest directory above it that surely exists. */
  readonly root: string;
  /** Called when a file is opened, also when it is opened again. */
  readonly onOpen: (path: string) => void;
  /** Makes the scanner of a file that was not seen before; half lines must not mix between files. */
  readonly createScanner: () => LineScanner;
  /** Called after new records were handed over. */
  readonly onBatch: () => void;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/**
 * Follows the newest log file of a directory until the signal: reads what is appended, and when a newer file
 * appears reads the old one to its end and goes on with the new one. A file that becomes the newest again is read
 * on from where it was left; a file that was cut short is read from its beginning. Resolves after the signal, with
 * all files closed.
 */
export async function followLogs(options: FollowOptions): Promise<void> {
  const { directory, root, signal } = options;
  const follower = new Follower(options);
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        try {
          if (!signal.aborted) follower.look();
        } catch (error) {
          reject(error);
        }
      };
      signal.addEventListener("abort", () => resolve(), { once: true });
      watchDirectory({ directory, root, onChange: look, signal });
      look();
      if (signal.aborted) resolve();
    });
  } finally {
    follower.close();
  }
}

interface SeenLog {
  readonly scanner: LineScanner;
  position: number;
}

interface OpenLog {
  readonly file: LogFile;
  readonly fd: number;
  readonly seen: SeenLog;
}

class Follower {
  readonly #options: FollowOptions;
  readonly #seen = new Map<string, SeenLog>();
  #current: OpenLog | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  look(): void {
    if (this.#current) readOn(this.#current);
    const newest = this.#newest();
    if (newest && !isSame(newest, this.#current?.file)) {
      this.close();
      this.#current = this.#open(newest);
      if (this.#current) readOn(this.#current);
    }
    this.#options.onBatch();
  }

  close(): void {
    if (this.#current) closeSync(this.#current.fd);
    this.#current = undefined;
  }

  // Among files of the same age one with something unread goes first, else the one that is being read stays.
  #newest(): LogFile | undefined {
    const newest = newestLogs(this.#options.directory);
    const unread = newest.find((file) => file.sizeBytes > (this.#seen.get(keyOf(file))?.position ?? -1));
    return unread ?? newest.find((file) => isSame(file, this.#current?.file)) ?? newest[0];
  }

  // The file may be gone again; then the next change brings another look.
  #open(file: LogFile): OpenLog | undefined {
    const fd = openIfThere(file.path);
    if (fd === undefined) return undefined;
    const key = keyOf(file);
    const seen = this.#seen.get(key) ?? { scanner: this.#options.createScanner(), position: 0 };
    this.#seen.set(key, seen);
    this.#options.onOpen(file.path);
    return { file, fd, seen };
  }
}

function keyOf({ inode, path }: LogFile): string {
  return `${inode} ${path}`;
}

function isSame(newest: LogFile, current: LogFile | undefined): boolean {
  return newest.path === current?.path && newest.inode === current.inode;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readOn({ fd, seen }: OpenLog): void {
  if (fstatSync(fd).size < seen.position) {
    seen.scanner.reset();
    seen.position = 0;
  }
  for (;;) {
    const count = readSync(fd, seen.scanner.space(), { position: seen.position });
    if (count === 0) return;
    seen.position += count;
    seen.scanner.filled(count);
  }
}
