import { closeSync, fstatSync, openSync } from "node:fs";
import type { CAC } from "cac";
import type { CdbSummary } from "../encoder.ts";
import { ioError } from "../errors.ts";
import { inputOfFile, inputOfStream, type ReadInput } from "../text/input-window.ts";
import { requireTextFormat, TEXT_FORMATS } from "../text/text-format.ts";
import type { CdbProgress } from "../writer.ts";
import { type CommandContext, counted, EXIT } from "./command-context.ts";

interface MakeFlags {
  readonly format: string;
  readonly flush: boolean;
  readonly json?: boolean;
}

/** `cdb make OUT [IN]` */
export function addMake(cli: CAC, context: CommandContext): void {
  cli
    .command("make <out> [in]", "Make a CDB file from text, of standard input by default")
    .option("--format <format>", TEXT_FORMATS.join(", "), { default: "cdbmake" })
    .option("--no-flush", "Do not wait until the file is on the disk")
    .option("--json", "Print the result as JSON")
    .example((bin) => `  ${bin} make words.cdb words.txt`)
    .example((bin) => `  ${bin} dump old.cdb --format tsv | sort | ${bin} make new.cdb --format tsv`)
    .action(async (out: string, input: string | undefined, flags: MakeFlags) => {
      const summary = await make(out, input, flags, context);
      if (flags.json === true) context.output.json({ path: out, ...summary });
      return EXIT.done;
    });
}

async function make(
  out: string,
  input: string | undefined,
  flags: MakeFlags,
  context: CommandContext,
): Promise<CdbSummary> {
  const { makeCdbFrom } = await import("../text/make-cdb.ts");
  const { read, name, close } = openInput(input, context);
  try {
    return await makeCdbFrom(out, read, {
      format: requireTextFormat(flags.format),
      flush: flags.flush,
      inputName: name,
      signal: context.signal,
      onProgress: reportTo(out, context.progress),
    });
  } finally {
    close();
  }
}

function reportTo(out: string, progress: (line: string) => void): (state: CdbProgress) => void {
  return ({ records, bytes }) =>
    progress(`${out}: ${counted(records, "record")}, ${(bytes / 1e6).toFixed(0)} MB`);
}

function openInput(
  path: string | undefined,
  { input, signal }: CommandContext,
): { read: ReadInput; name: string; close: () => void } {
  if (path === undefined || path === "-") {
    const name = "standard input";
    const close = (): void => undefined;
    if (fstatSync(0).isFile()) return { read: inputOfFile(0, name), name, close };
    const stream = input();
    // A terminal or a pipe may never give anything again.
    signal.addEventListener("abort", () => stream.destroy());
    return { read: inputOfStream(stream), name, close };
  }
  try {
    const fd = openSync(path, "r");
    return { read: inputOfFile(fd, path), name: path, close: () => closeSync(fd) };
  } catch (error) {
    throw ioError("open", path, error);
  }
}
