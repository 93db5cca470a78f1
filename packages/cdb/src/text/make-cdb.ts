import { writeCdbFile } from "../build.ts";
import type { CdbSummary } from "../encoder.ts";
import { CdbImageBuilder } from "../json/cdb-image.ts";
import { Kernel } from "../kernel/kernel.ts";
import { removeStaleTempFilesOf, TempFile } from "../temp-file.ts";
import type { WriteCdbOptions } from "../writer.ts";
import { CdbmakeParser } from "./cdbmake-parser.ts";
import { inputOfStream, parseInput, readAllInput, type ReadInput, WINDOW_BYTES } from "./input-window.ts";
import { LineParser } from "./line-parser.ts";
import { ndjsonLineTaker } from "./ndjson-lines.ts";
import type { CdbTextFormat } from "./text-format.ts";
import { tsvLineTaker } from "./tsv-lines.ts";

/** How a text is turned into a CDB file. */
export interface MakeCdbOptions extends WriteCdbOptions {
  readonly format: CdbTextFormat;
  /** Name of the text for messages. */
  readonly inputName?: string;
}

/**
 * Makes a CDB file from text: a stream, or anything else that gives it piece by piece.
 *
 * @throws {@link CdbError} `CDB_INPUT` with the offset in the text, and as {@link buildCdb}
 */
export async function makeCdb(
  path: string,
  input: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: MakeCdbOptions,
): Promise<CdbSummary> {
  return await makeCdbFrom(path, inputOfStream(input), options);
}

/** {@link makeCdb} from a function that reads. */
export async function makeCdbFrom(
  path: string,
  read: ReadInput,
  options: MakeCdbOptions,
): Promise<CdbSummary> {
  const { format, inputName } = options;
  if (format === "json") return await makeFromJson(path, read, options);
  if (format === "cdbmake") return await makeFromCdbmake(path, read, options);
  const takerOf = format === "tsv" ? tsvLineTaker : ndjsonLineTaker;
  return await writeCdbFile(path, options, async (encoder, pace) => {
    const window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
    await parseInput(read, new LineParser(takerOf(encoder, inputName)), window, pace);
  });
}

async function makeFromCdbmake(path: string, read: ReadInput, options: MakeCdbOptions): Promise<CdbSummary> {
  const kernel = Kernel.start();
  return await writeCdbFile(path, { ...options, kernel }, async (encoder, pace) => {
    const parser = new CdbmakeParser(encoder, kernel, options.inputName);
    const window = kernel?.allocate(WINDOW_BYTES) ?? Buffer.allocUnsafeSlow(WINDOW_BYTES);
    await parseInput(read, parser, window, pace);
  });
}

/** A name can come again anywhere in a JSON object, so all of it is needed before the first byte can be written. */
async function makeFromJson(path: string, read: ReadInput, options: MakeCdbOptions): Promise<CdbSummary> {
  const { head, tables, records } = new CdbImageBuilder(Kernel.start()).build(
    await readAllInput(read),
    options.inputName,
  );
  removeStaleTempFilesOf(path);
  const file = new TempFile(path, { mode: options.mode ?? 0o666 });
  try {
    file.write(head, head.length, 0);
    file.write(tables, tables.length, head.length);
  } catch (error) {
    file.discard();
    throw error;
  }
  file.commit({ flush: options.flush ?? true });
  return { records, sizeBytes: head.length + tables.length };
}
