import { type FileHandle, open } from "node:fs/promises";
import { readSync } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { LogError } from "../errors.ts";
import { fileProblem } from "../file-problem.ts";
import type { LineScanner } from "./line-scanner.ts";

/** How a source is read. */
export interface ReadSourceOptions {
  readonly scanner: LineScanner;
  /** Called between blocks; the next block is read when it resolves. */
  readonly pause: () => Promise<void>;
  /** Ends the reading early. */
  readonly signal: AbortSignal;
}

/**
 * Reads a file to its end, unpacking gzip and Zstandard, which it recognises by their first bytes.
 *
 * @throws LogError with code `LOG_UNREADABLE`, naming the file and the reason
 */
export async function readFileSource(path: string, options: ReadSourceOptions): Promise<void> {
  const file = await openFile(path);
  try {
    const unpack = await unpackerFor(file);
    if (unpack) await readStream(file.createReadStream({ autoClose: false }), options, unpack);
    else await readPlain(file, options);
  } catch (error) {
    throw error instanceof LogError ? error : unreadable(path, error as Error);
  } finally {
    await file.close();
  }
}

/** Reads a stream such as standard input to its end, unpacking it when an unpacker is given. */
export async function readStream(
  stream: Readable,
  { scanner, pause, signal }: ReadSourceOptions,
  unpack?: Transform,
): Promise<void> {
  const take = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      scanner.push(chunk);
      await pause();
    }
  };
  try {
    await (unpack ? pipeline(stream, unpack, take, { signal }) : pipeline(stream, take, { signal }));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    scanner.end();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (error) {
    throw unreadable(path, error as Error);
  }
  throw new LogError(`Cannot read ${path}: it is a directory`, { code: "LOG_UNREADABLE" });
}

function unreadable(path: string, cause: Error): LogError {
  return new LogError(`Cannot read ${path}: ${fileProblem(cause)}`, { code: "LOG_UNREADABLE", cause });
}

// Synchronous reads: there is nothing else to do meanwhile, and a round trip per block would double the time.
async function readPlain(file: FileHandle, { scanner, pause, signal }: ReadSourceOptions): Promise<void> {
  for (;;) {
    const count = readSync(file.fd, scanner.space());
    if (count === 0 || signal.aborted) break;
    scanner.filled(count);
    await pause();
  }
  scanner.end();
}

const MAGIC_BYTES = 4;

// A pipe has no position to come back to, so it is taken as plain text.
async function unpackerFor(file: FileHandle): Promise<Transform | undefined> {
  if (!(await file.stat()).isFile()) return undefined;
  const { buffer } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) return zlib.createGunzip();
  return buffer.readUInt32BE() === 0x28b52ffd ? zstdUnpacker() : undefined;
}

function zstdUnpacker(): Transform {
  const create = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (create) return create();
  throw new LogError(`Zstandard files cannot be read with Node.js ${process.versions.node}`, {
    code: "LOG_UNREADABLE",
    hint: "Use Node.js 22.15 or later, or unpack the file first: zstd -dc FILE | deploy-log -f -",
  });
}
