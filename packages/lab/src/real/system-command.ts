import { delimiter } from "node:path";
import { execa, ExecaError } from "execa";
import { LabError } from "../errors.ts";

/** Runs a system program to its end. @throws {LabError} `START_FAILED` with what it wrote */
export async function runSystem(argv: readonly [string, ...string[]], input = ""): Promise<string> {
  const [file, ...args] = argv;
  try {
    const { stdout } = await execa(file, args, { input, env: { PATH: systemPath() }, timeout: 60_000 });
    return stdout;
  } catch (cause) {
    const detail = cause instanceof ExecaError ? cause.stderr || cause.shortMessage : String(cause);
    throw new LabError("START_FAILED", `${argv.join(" ")} failed: ${detail.trim()}`, { cause });
  }
}

/** `PATH` with administrators' folders. */
export function systemPath(): string {
  return [process.env["PATH"] ?? "/usr/bin:/bin", "/usr/sbin", "/sbin"].join(delimiter);
}
