import { normalize } from "node:path";

/**
 * Whether a configuration file may have this name on targets: an absolute path, or one that stays in the revision and
 * out of its git directory. What climbs above its root is refused also where `/` stops it.
 */
export function isConfigName(name: string): boolean {
  const isAbsolute = name.startsWith("/");
  const path = normalize(isAbsolute ? name.slice(1) : name);
  const isUnclear = name === "" || name.includes("\0") || name.startsWith("//") || name.endsWith("/");
  const isOutside = path === "." || path === ".." || path.startsWith("../");
  const isGit = !isAbsolute && path.split("/")[0] === ".git";
  return !isUnclear && !isOutside && !isGit;
}
