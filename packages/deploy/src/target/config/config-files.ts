import { readdir } from "node:fs/promises";
import { join, normalize, relative } from "node:path";

import { isConfigName } from "@scap/template";

import type { PublishedConfigFile } from "../../deploy-info.ts";
import { TargetWorkError } from "../target-error.ts";

/** Where rendered files with absolute names are, below a revision's directory. */
export function configRoot(revisionDirectory: string): string {
  return join(revisionDirectory, ".git", "config-files");
}

/**
 * Where a rendered file is written.
 *
 * @throws TargetWorkError `BAD_CONFIG_NAME` when the name leads out of the revision.
 */
export function renderedPath(revisionDirectory: string, name: string): string {
  if (isConfigName(name)) {
    const base = name.startsWith("/") ? configRoot(revisionDirectory) : revisionDirectory;
    return join(base, normalize(name));
  }
  throw new TargetWorkError(`Config file name ${JSON.stringify(name)} is not a path inside the revision`, {
    code: "BAD_CONFIG_NAME",
    hint: "Correct its name in scap/config-files.yaml.",
  });
}

/** Absolute paths of the files that a revision links into the file system, in order. */
export async function linkedConfigFiles(revisionDirectory: string): Promise<string[]> {
  const root = configRoot(revisionDirectory);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.endsWith(".scap-new"))
    .map((entry) => `/${relative(root, join(entry.parentPath, entry.name))}`)
    .toSorted();
}

/** A rendered file: where it belongs and what is in it. */
export interface RenderedFile {
  readonly file: PublishedConfigFile;
  readonly path: string;
  readonly content: string;
  /** Texts that `remote_vars` brought in; undefined when the file uses none. */
  readonly secrets: readonly string[] | undefined;
}
