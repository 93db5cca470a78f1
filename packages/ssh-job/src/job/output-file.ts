import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SshError } from "../errors.ts";

/** A file with what a host has written to one stream. */
export interface KeptOutput {
  readonly path: string;
  /** How many bytes are in it. */
  readonly bytes: number;
  /** Why these are fewer than the command wrote; missing when the file holds all of them. */
  readonly problem?: string;
}

/** Descriptors that the files of a running host take: one for each stream. */
export const OUTPUT_FILES_PER_HOST = 2;

/** A name that may be there already belongs to somebody else, and one that is a link leads somewhere else. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const LONGEST_NAME = 200;

/**
 * Makes the directory for output, for this user only, unless it is there.
 *
 * @throws SshError `BAD_OPTION`
 */
export async function makeOutputDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
  } catch (cause) {
    throw new SshError("BAD_OPTION", `Cannot keep output in ${directory}: ${reasonOf(cause)}`, { cause });
  }
}

/** Node's own recursive mkdir tries for ever in places such as /proc, where nothing can be made. */
async function makeDirectory(path: string, hasParent = false): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || hasParent || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await makeDirectory(path, true);
  }
}

/** Writes a stream of a host to a new file, which is made with the first byte. Never throws for the disk. */
export class OutputFile {
  readonly path: string;
  readonly #limitBytes: number;
  #file: FileHandle | undefined;
  #bytes = 0;
  #problem: string | undefined;
  #isClosed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(directory: string, host: string, stream: "stdout" | "stderr", limitBytes: number) {
    this.path = join(directory, `${fileNameOf(host)}.${stream}`);
    this.#limitBytes = limitBytes;
  }

  /** Resolves when the bytes are written. After the first problem nothing more is. */
  async add(chunk: Buffer): Promise<void> {
    this.#last = this.#last.then(() => this.#write(chunk));
    await this.#last;
  }

  /** Closes the file. @returns undefined when the stream was empty */
  async close(): Promise<KeptOutput | undefined> {
    await this.#last;
    this.#isClosed = true;
    await this.#file?.close().catch((error: unknown) => (this.#problem ??= reasonOf(error)));
    if (this.#file === undefined && this.#problem === undefined) return undefined;
    const kept = { path: this.path, bytes: this.#bytes };
    return this.#problem === undefined ? kept : { ...kept, problem: this.#problem };
  }

  async #write(chunk: Buffer): Promise<void> {
    if (this.#problem !== undefined || this.#isClosed) return;
    const part = chunk.subarray(0, this.#limitBytes - this.#bytes);
    try {
      this.#file ??= await open(this.path, NEW_FILE, 0o600);
      for (let from = 0; from < part.length;) {
        const { bytesWritten } = await this.#file.write(part, from);
        from += bytesWritten;
        this.#bytes += bytesWritten;
      }
    } catch (error) {
      this.#problem = reasonOf(error);
    }
    if (part.length < chunk.length) this.#problem ??= `it is longer than ${this.#limitBytes} bytes`;
  }
}

/** A name of one file, whatever the host is called; two hosts never share one. */
function fileNameOf(host: string): string {
  const safe = host.replace(/^[.-]|[^A-Za-z0-9._-]/gu, percentEncoded);
  if (safe.length <= LONGEST_NAME) return safe;
  return `${safe.slice(0, LONGEST_NAME - 17)}-${createHash("sha256").update(host).digest("hex").slice(0, 16)}`;
}

function percentEncoded(character: string): string {
  return Buffer.from(character).toString("hex").replaceAll(/../g, "%$&");
}

/** The words of the system without its call, for example `no space left on device`. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
