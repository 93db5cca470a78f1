import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hasCode, type Invocation, UsageError } from "@scap/cli";
import type { HostResult } from "@scap/ssh-job";
import { readingFailure } from "../reading-failure.ts";

/**
 * The absolute path of `--output-dir`.
 *
 * @returns undefined without the option
 * @throws UsageError for a directory in which output of this run would be among other files
 */
export async function outputDirectory({ cwd, options }: Invocation): Promise<string | undefined> {
  const given = options.string("output-dir");
  if (given === undefined) return undefined;
  if (given === "") throw new UsageError("--output-dir needs the name of a directory");
  const directory = resolve(cwd, given);
  const names = await readdir(directory).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw new UsageError(`Cannot keep output in --output-dir ${given}: ${readingFailure(error)}`);
  });
  if (names.length === 0) return directory;
  throw new UsageError(
    `--output-dir ${given} is not empty`,
    "Name a new directory, so that output of this run is not among that of another.",
  );
}

/** Where the output of one command goes: with several commands, each has a directory of its own, `1`, `2`, … */
export function directoryOfCommand(directory: string, command: number, commands: number): string {
  return commands === 1 ? directory : join(directory, String(command + 1));
}

/** Why not all that a host has said could be kept. */
export function outputProblem({ stderr, stdout }: HostResult): string | undefined {
  return stdout.file?.problem ?? stderr.file?.problem;
}
