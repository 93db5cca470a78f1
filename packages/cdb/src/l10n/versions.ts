import { join } from "node:path";
import { CdbError } from "../errors.ts";
import type { L10nResult } from "./events.ts";
import { rebuildCdbDirectory, type RebuildOptions } from "./rebuild.ts";

/** How the localisation caches of several MediaWiki versions are rebuilt. */
export interface RebuildVersionsOptions extends Omit<RebuildOptions, "directory"> {
  /** Directory with the `php-<version>` directories. */
  readonly treeDirectory: string;
  /** Versions in use, for example `1.45.0-wmf.3`, in any order. */
  readonly activeVersions: readonly string[];
  /** Only this one; a leading `php-` and slashes at the ends do not count. It must be active. */
  readonly version?: string;
}

/**
 * Rebuilds the localisation caches of the active versions, one after the other, oldest first.
 *
 * @returns each version's result when it is done
 * @throws {@link CdbError} `CDB_OPTION` if the version asked for is not active, and as {@link rebuildCdbDirectory}
 */
export async function* rebuildL10nVersions(
  options: RebuildVersionsOptions,
): AsyncGenerator<L10nResult, void, undefined> {
  const { treeDirectory, activeVersions, version, ...rest } = options;
  for (const active of chooseVersions(activeVersions, version)) {
    const directory = l10nDirectory(treeDirectory, active);
    // A version that has no cache yet must not keep the others from theirs.
    yield await rebuildCdbDirectory({ allowMissing: true, ...rest, directory });
  }
}

/** Where the localisation cache of a MediaWiki version is. */
export function l10nDirectory(treeDirectory: string, version: string): string {
  return join(treeDirectory, `php-${version}`, "cache", "l10n");
}

function chooseVersions(active: readonly string[], wanted: string | undefined): string[] {
  if (wanted === undefined) return active.toSorted(byVersion);
  const version = wanted.replaceAll(/^\/+|\/+$/g, "").replace(/^php-/, "");
  if (active.includes(version)) return [version];
  throw new CdbError("CDB_OPTION", `MediaWiki version ${JSON.stringify(version)} is not active`, {
    hint: `Active versions: ${active.toSorted(byVersion).join(", ") || "none"}.`,
  });
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
