import { lstat, readlink, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { isObjectId } from "@scap/git";

/** The directory that a link leads to in the end; null when there is no link or it dangles. */
export async function resolvedLink(link: string): Promise<string | null> {
  try {
    await readlink(link);
    return await realpath(link);
  } catch (cause) {
    if (isAny(cause, "ENOENT", "EINVAL", "ENOTDIR", "ELOOP")) return null;
    throw cause;
  }
}

/** The text of a link; null when there is none. */
export async function linkText(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (cause) {
    if (isAny(cause, "ENOENT", "EINVAL", "ENOTDIR")) return null;
    throw cause;
  }
}

/** Whether a link leads to a revision or at least says which one it was; a loop of links or a foreign place is none. */
export async function namesRevision(link: string): Promise<boolean> {
  const place = (await resolvedLink(link)) ?? (await linkText(link));
  return place !== null && isObjectId(basename(place));
}

/** What stands at a path, not following a link. */
export type PathKind = "missing" | "link" | "file" | "directory" | "other";

/** Tells what stands at a path. */
export async function pathKind(path: string): Promise<PathKind> {
  try {
    const entry = await lstat(path);
    if (entry.isSymbolicLink()) return "link";
    if (entry.isDirectory()) return "directory";
    return entry.isFile() ? "file" : "other";
  } catch (cause) {
    if (isAny(cause, "ENOENT", "ENOTDIR")) return "missing";
    throw cause;
  }
}

/**
 * Makes `link` a relative symbolic link to `target` by one rename, so that a reader sees the old or the new one. A link
 * that says so already is left alone.
 *
 * @returns whether anything changed
 */
export async function replaceLink(link: string, target: string): Promise<boolean> {
  return await placeLink(link, relative(dirname(link), target));
}

/** Like {@link replaceLink}, with the text of the link given. */
export async function placeLink(link: string, text: string): Promise<boolean> {
  if ((await linkText(link)) === text) return false;
  await makeTemporaryLink(link, text);
  await rename(temporaryLink(link), link);
  return true;
}

/** Makes a link at {@link temporaryLink}, from where it is renamed to its place. */
export async function makeTemporaryLink(link: string, text: string): Promise<void> {
  const temporary = temporaryLink(link);
  // The fixed name lets a later run clean up what a killed one left.
  await rm(temporary, { force: true });
  await symlink(text, temporary);
}

/** Where a link is made before it is renamed to its place. */
export function temporaryLink(link: string): string {
  return join(dirname(link), `.${basename(link)}.scap-new`);
}

/** Removes a link; anything else at the path stays. */
export async function removeLink(link: string): Promise<void> {
  if ((await pathKind(link)) === "link") await rm(link, { force: true });
}

function isAny(cause: unknown, ...codes: string[]): boolean {
  return codes.includes((cause as NodeJS.ErrnoException).code ?? "");
}
