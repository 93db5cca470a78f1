import { rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CliError, EXIT, type Invocation } from "@scap/cli";
import { renderReport } from "@scap/report";
import { readLog } from "../read-log.ts";

export async function runReport(invocation: Invocation): Promise<number> {
  const { cwd, options, stderr, stdout } = invocation;
  const records = await readLog(invocation, invocation.word("file") ?? "");
  const page = renderReport(records);
  const output = options.string("output") ?? "report.html";
  if (output === "-") {
    stdout.write(page);
    return EXIT.ok;
  }
  await writeWhole(resolve(cwd, output), page);
  stderr.write(`Wrote ${output} (${Math.ceil(page.length / 1000)} kB)\n`);
  return EXIT.ok;
}

/** Whoever opens the page sees the old one or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new CliError(`Cannot write ${path}: ${REASONS[code] ?? message}`, {
      code: "OUTPUT_UNWRITABLE",
      exitCode: EXIT.failed,
      hint: "Name another file with --output.",
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "the directory does not exist",
  ENOTDIR: "the directory does not exist",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};
