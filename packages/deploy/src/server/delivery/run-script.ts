import type { WorkerProcess } from "../worker/worker-client.ts";

/** What delivery needs of an SSH connection. */
export interface ShellConnection {
  /** Starts a script of the POSIX shell. */
  start(script: string): Promise<WorkerProcess>;
}

/** How a script ended and the end of what it said. */
export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest text kept of each stream, in characters: enough to list what a thousand deployments have brought. */
const TEXT_KEPT = 200_000;

/** Runs a script without input to its end. */
export async function runScript(connection: ShellConnection, script: string): Promise<ScriptResult> {
  const process = await connection.start(script);
  process.stdin.on("error", () => {});
  process.stdin.end();
  return scriptResult(process);
}

/** Waits for the end of a script; its standard output must not be read by anybody else before the first wait. */
export async function scriptResult(process: WorkerProcess): Promise<ScriptResult> {
  const [{ code }, stdout, stderr] = await Promise.all([
    process.exit,
    textOf(process.stdout),
    textOf(process.stderr),
  ]);
  return { code, stdout, stderr };
}

async function textOf(stream: WorkerProcess["stdout"]): Promise<string> {
  let text = "";
  stream.on("data", (chunk: Buffer | string) => {
    text = (text + chunk.toString()).slice(-TEXT_KEPT);
  });
  // A stream that breaks off has said what it had to say.
  await new Promise<void>((resolve) => stream.once("close", resolve).once("end", resolve));
  return text;
}
