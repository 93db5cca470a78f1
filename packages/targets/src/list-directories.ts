import { stat } from "node:fs/promises";
import { join } from "node:path";

import { environmentDirectory } from "@scap/config";

/** Directories of a checkout that may hold host lists, the environment's first; those that do not exist are left out. */
export async function listDirectories(checkout: string, environment: string | undefined): Promise<string[]> {
  const own =
    environment === undefined || environment === "" ? [] : [environmentDirectory(checkout, environment)];
  const candidates = [...own, join(checkout, "scap")];
  const exists = await Promise.all(candidates.map(isDirectory));
  return candidates.filter((_, index) => exists[index]);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
