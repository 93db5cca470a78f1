import { copyFile, link, mkdir, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { configRoot, linkedConfigFiles } from "./config-files.ts";
import { linkText, makeTemporaryLink, pathKind, removeLink, temporaryLink, type PathKind } from "../links.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Links from the places where programs read their configuration into the live revision.
 *
 * A link leads through the final path (`…/web/.git/config-files/…`) and not to one revision, so that the one rename of
 * the final path switches code and configuration together. Before the switch only links are made that a reader
 * cannot tell from what was there; everything else is replaced right after it.
 */
export interface ConfigLinkPlan {
  /** Made before the switch: new paths, and links that lead to the same file already. */
  readonly before: readonly ConfigLink[];
  /** Made after it: places of foreign files and links. */
  readonly after: readonly ConfigLink[];
  /** Links that the new revision has no file for. */
  readonly obsolete: readonly string[];
}

/** A link to be made, and what stands at its place now. */
export interface ConfigLink {
  readonly path: string;
  readonly text: string;
  readonly replaces: PathKind;
}

/**
 * Compares the links that a revision needs with what stands at their places. Changes nothing.
 *
 * @param to - directory of the revision to come; null when none will be live
 * @param from - directory of the live revision
 */
export async function planConfigLinks(
  paths: TargetPaths,
  to: string | null,
  from: string | null,
): Promise<ConfigLinkPlan> {
  const wanted = to === null ? [] : await linkedConfigFiles(to);
  const links = await Promise.all(wanted.map(async (path) => await planLink(paths, path)));
  const keep = new Set(wanted);
  const old = from === null ? [] : await linkedConfigFiles(from);
  const obsolete: string[] = [];
  for (const path of old) {
    if (!keep.has(path) && (await isOurs(paths, path))) obsolete.push(path);
  }
  return {
    before: links.flatMap((each) => (each?.when === "before" ? [each.link] : [])),
    after: links.flatMap((each) => (each?.when === "after" ? [each.link] : [])),
    obsolete,
  };
}

/**
 * Does all of making links that needs room on a disk: each waits beside its place, and foreign files have a second
 * name. What fails leaves nothing behind.
 *
 * @returns the backups of foreign files, path to backup
 */
export async function stageConfigLinks(
  links: readonly ConfigLink[],
  stamp: string,
): Promise<ReadonlyMap<string, string>> {
  const backups = new Map<string, string>();
  try {
    for (const { path, replaces, text } of links) {
      await mkdir(dirname(path), { recursive: true });
      if (replaces === "file" || replaces === "other") {
        backups.set(path, `${path}.${stamp}`);
        await backUp(path, `${path}.${stamp}`);
      }
      await makeTemporaryLink(path, text);
    }
  } catch (error) {
    await discardConfigLinks(links, backups);
    throw error;
  }
  return backups;
}

/** Puts links that {@link stageConfigLinks} made in their places, by one rename each. */
export async function placeConfigLinks(links: readonly ConfigLink[]): Promise<void> {
  for (const { path } of links) await rename(temporaryLink(path), path);
}

/** Takes {@link stageConfigLinks} back, for links that are not in their places yet. */
export async function discardConfigLinks(
  links: readonly ConfigLink[],
  backups: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { path } of links) {
    await rm(temporaryLink(path), { force: true });
    const backup = backups.get(path);
    if (backup !== undefined) await rm(backup, { force: true });
  }
}

/** Takes back what a killed {@link stageConfigLinks} did; the backup of a file that is not in its place any more stays. */
export async function unstageConfigLinks(places: readonly string[], stamp: string): Promise<void> {
  for (const path of places) {
    await rm(temporaryLink(path), { force: true });
    const kind = await pathKind(path);
    if (kind === "file" || kind === "other") await rm(`${path}.${stamp}`, { force: true });
  }
}

/** Removes links that nothing needs any more. */
export async function removeConfigLinks(links: readonly string[]): Promise<void> {
  for (const path of links) await removeLink(path);
}

async function planLink(
  paths: TargetPaths,
  path: string,
): Promise<{ when: "before" | "after"; link: ConfigLink } | undefined> {
  const target = join(configRoot(paths.final), path);
  const text = relative(await existingDirectory(dirname(path)), target);
  const replaces = await pathKind(path);
  if (replaces === "directory") {
    throw new TargetWorkError(
      `${path} is a directory, so the config file of that name cannot be linked there`,
      {
        code: "CONFIG_PATH_TAKEN",
        hint: "Move the directory away.",
      },
    );
  }
  if (replaces === "link" && (await linkText(path)) === text) return undefined;
  const isSame = replaces === "missing" || (await sameFile(path, target));
  return { when: isSame ? "before" : "after", link: { path, text, replaces } };
}

/** A relative link is resolved from the real place of its directory, which a symbolic link may hide. */
async function existingDirectory(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    const parent = dirname(directory);
    return join(await existingDirectory(parent), directory.slice(parent.length));
  }
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [a, b].map(async (path) => realpath(path).catch(() => undefined)),
  );
  return first !== undefined && first === second;
}

/** Links through the final path, and those of Python Scap, which lead straight to a revision. */
async function isOurs(paths: TargetPaths, path: string): Promise<boolean> {
  const text = await linkText(path);
  if (text === null) return false;
  const target = join(await existingDirectory(dirname(path)), text);
  return target.startsWith(`${configRoot(paths.final)}/`) || target.startsWith(`${paths.revs}/`);
}

/** The old file keeps its place until the link is renamed over it. */
async function backUp(path: string, backup: string): Promise<void> {
  await link(path, backup).catch(async () => copyFile(path, backup));
}
