import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { hasErrno } from "./target-error.ts";

/** Writes a file so that a reader sees the old or the new content, never a part. Parent directories are made. */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.scap-new`);
  try {
    await writeFile(temporary, content, { mode: options.mode ?? 0o666 });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    // A failure to write has no path of its own.
    if (hasErrno(cause)) cause.path ??= path;
    throw cause;
  }
}
