import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isExecutable } from "./find-program.ts";

/** How to tell about the entries of a scripts directory. */
export interface ListScriptsOptions {
  readonly onEntry?: ((name: string, isRegistered: boolean) => void) | undefined;
}

/** The executables directly in `scap/scripts` of a revision, path by file name. No directory means no scripts. */
export function listScripts(directory: string, options: ListScriptsOptions = {}): Map<string, string> {
  const scripts = new Map<string, string>();
  for (const name of namesIn(directory)) {
    const path = join(directory, name);
    const isScript = isExecutable(path);
    if (isScript) scripts.set(name, path);
    options.onEntry?.(name, isScript);
  }
  return scripts;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    return [];
  }
}
