import { constants } from "node:os";
import { execa } from "execa";
import type { LabExecOptions, LabExecResult } from "./lab.ts";

/** Where and with what a command runs that bypasses SSH. */
export interface ExecOnHostOptions extends LabExecOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a command to its end; a failing one is a result, not an error. A program that does not exist is status 127. */
export async function execOnHost(
  argv: readonly string[],
  options: ExecOnHostOptions,
): Promise<LabExecResult> {
  const [file = "true", ...args] = argv;
  const result = await execa(file, args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    input: options.input ?? "",
    timeout: options.timeoutMs ?? 60_000,
    stripFinalNewline: false,
    reject: false,
  });
  return {
    exitCode: exitCode(result),
    stdout: result.stdout,
    stderr: result.stderr,
  };
}

function exitCode(result: { exitCode?: number; signal?: NodeJS.Signals }): number {
  if (result.exitCode !== undefined) return result.exitCode;
  return result.signal === undefined ? 127 : 128 + constants.signals[result.signal];
}
