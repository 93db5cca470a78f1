import { access, constants, mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and its parents. On a read-only file system Node reports a missing parent, so the nearest directory
 * that exists is asked for the real reason.
 */
export async function makeDirectories(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") await requireWritableParent(dirname(path));
    throw cause;
  }
}

async function requireWritableParent(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || path === "/") throw cause;
    await requireWritableParent(dirname(path));
  }
}
