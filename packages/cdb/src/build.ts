import { CdbEncoder, type CdbSummary } from "./encoder.ts";
import { throwIfAborted } from "./errors.ts";
import { BackgroundFileSink } from "./file-sinks.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { MemorySink } from "./memory-sink.ts";
import { removeStaleTempFilesOf, TempFile } from "./temp-file.ts";
import { type CdbData, toBytes } from "./data.ts";
import type { WriteCdbOptions } from "./writer.ts";

/** A key and its value. An array, a `Map` and a {@link CdbReader} are all iterables of these. */
export type CdbEntry = readonly [key: CdbData, value: CdbData];

/** Records between two looks at the signal. */
const BATCH_RECORDS = 1024;

/**
 * Makes a CDB file from entries, which may come from a stream: any async iterable will do. The old file is replaced
 * when everything is written, and stays as it is if anything fails.
 *
 * @throws {@link CdbError} and whatever the iterable throws
 */
export async function buildCdb(
  path: string,
  entries: Iterable<CdbEntry> | AsyncIterable<CdbEntry>,
  options: WriteCdbOptions = {},
): Promise<CdbSummary> {
  return await writeCdbFile(path, options, async (encoder, pace) => {
    for await (const [key, value] of entries) {
      encoder.put(toBytes(key, "key"), toBytes(value, "value"));
      if (encoder.count % BATCH_RECORDS === 0) await pace();
    }
  });
}

/** How a file is written, and the kernel that `fill` makes its records with. */
export interface WriteFileOptions extends WriteCdbOptions {
  readonly kernel?: Kernel | undefined;
}

/** Makes a CDB file in memory. @throws {@link CdbError} */
export function encodeCdb(entries: Iterable<CdbEntry>): Buffer {
  const sink = new MemorySink();
  const encoder = new CdbEncoder(sink);
  for (const [key, value] of entries) encoder.put(toBytes(key, "key"), toBytes(value, "value"));
  return sink.result(encoder.finish().sizeBytes);
}

/**
 * Writes a CDB file in the background of whatever `fill` does.
 *
 * @param fill puts the records; awaits `pace` now and then, which waits for the disk and heeds the signal
 */
export async function writeCdbFile(
  path: string,
  options: WriteFileOptions,
  fill: (encoder: CdbEncoder, pace: () => Promise<void>) => Promise<void>,
): Promise<CdbSummary> {
  throwIfAborted(options.signal);
  removeStaleTempFilesOf(path);
  const file = new TempFile(path, { mode: options.mode ?? 0o666 });
  const allocate = (length: number): Buffer =>
    options.kernel?.allocate(length) ?? Buffer.allocUnsafeSlow(length);
  const sink = new BackgroundFileSink(file, allocate);
  try {
    const encoder = new CdbEncoder(sink, path, options.kernel);
    await fill(encoder, () => keepPace(encoder, sink, options));
    const summary = await finish(encoder, sink, file, options.flush ?? true);
    throwIfAborted(options.signal);
    file.commit({ flush: options.flush ?? true });
    return summary;
  } catch (error) {
    // The descriptor must not be closed, and its number used again, under a write that is still going on.
    await sink.drain().catch(() => undefined);
    file.discard();
    throw error;
  }
}

async function keepPace(
  encoder: CdbEncoder,
  sink: BackgroundFileSink,
  options: WriteCdbOptions,
): Promise<void> {
  throwIfAborted(options.signal);
  await sink.drain(4);
  options.onProgress?.({ records: encoder.count, bytes: encoder.position });
}

/** The disk takes the records while the tables are laid out: for large files that hides most of the flush. */
async function finish(
  encoder: CdbEncoder,
  sink: BackgroundFileSink,
  file: TempFile,
  flush: boolean,
): Promise<CdbSummary> {
  encoder.flush();
  await sink.drain();
  // An error is kept until somebody waits for it.
  const flushed = flush ? file.flush().catch((error: unknown) => error) : undefined;
  let summary: CdbSummary;
  try {
    summary = encoder.finish();
  } catch (error) {
    // The descriptor must not be closed under it.
    await flushed;
    throw error;
  }
  const failure = await flushed;
  if (failure !== undefined) throw failure;
  return summary;
}
