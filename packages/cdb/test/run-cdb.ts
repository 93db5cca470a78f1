import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command. */
export const CDB: string = fileURLToPath(new URL("../bin/cdb.cjs", import.meta.url));

/** What a run gave. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export async function cdb(args: readonly string[], input: string | Buffer = ""): Promise<Run> {
  return await run(process.execPath, [CDB, ...args], input);
}

/** Runs any program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  input: string | Buffer = "",
  cwd?: string,
): Promise<Run> {
  const child = spawn(program, args, { cwd });
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  // A program that does not read its input is no error here.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, stdout: String(Buffer.concat(chunks.stdout)), stderr: String(Buffer.concat(chunks.stderr)) };
}
