import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";

/** Where a program is looked for. */
export interface FindProgramOptions {
  readonly cwd: string;
  /** The `PATH` to search. */
  readonly searchPath: string | undefined;
}

const DEFAULT_SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The path of a program as `execvp` finds it. @throws Error with one sentence when there is none. */
export function findProgram(name: string, { cwd, searchPath }: FindProgramOptions): string {
  if (name.includes("/")) {
    const path = resolve(cwd, name);
    if (isExecutable(path)) return path;
    throw new Error(`cannot run ${name}: ${exists(path) ? "it is not executable" : "there is no such file"}`);
  }
  const directories = (searchPath ?? DEFAULT_SEARCH_PATH).split(":");
  for (const directory of directories) {
    const path = resolve(cwd, directory, name);
    if (name !== "" && isExecutable(path)) return path;
  }
  throw new Error(`cannot run "${name}": there is no such program in PATH`);
}

/** Whether a path is a regular file (or a link to one) that the current user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
