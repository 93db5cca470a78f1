import { rename, rm, writeFile } from "node:fs/promises";
import { CliError, EXIT } from "@scap/cli";

/**
 * Writes the file that --output names: whoever opens it sees the old one or the new one, never half of it.
 *
 * @throws CliError `OUTPUT_UNWRITABLE`
 */
export async function writeWhole(path: string, text: string): Promise<void> {
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
