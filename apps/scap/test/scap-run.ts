import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runCli } from "@scap/cli";
import { run } from "../src/commands/run.ts";

/** What a run printed, and its exit status. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where `scap run` runs, and who answers its questions. */
export interface RunWorld {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Answers of a person at a terminal, typed as they are asked for. @defaultValue no terminal */
  readonly answers?: readonly string[];
  /** Whether standard output is a terminal. @defaultValue with answers */
  readonly isTerminal?: boolean;
  /** Called with everything that is printed. */
  readonly onPrint?: (text: string) => void;
}

/** Runs `scap run` in this process. Runs are kept below `cwd`. */
export async function scapRun(world: RunWorld, ...argv: string[]): Promise<Outcome> {
  const { answers, cwd, env = {}, isTerminal = answers !== undefined, onPrint } = world;
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const stdout = Object.assign(new PassThrough(), { isTTY: isTerminal });
  const stderr = Object.assign(new PassThrough(), { isTTY: isTerminal });
  const left = [...(answers ?? [])];
  const printed = [stdout, stderr].map((stream) => {
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      onPrint?.(chunk);
      // A person answers a question and does not type ahead.
      if (/Type the number of hosts|\[y\/N\]: $/.test(chunk)) answer(stdin, left.shift());
    });
    return () => text;
  });
  if (answers === undefined) stdin.end();
  const io = { stdin, stdout, stderr, cwd, env: { XDG_STATE_HOME: join(cwd, "state"), ...env } };
  const status = await runCli({ program: "scap", about: "", commands: [run], argv: ["run", ...argv], io });
  await Promise.all([stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.end(resolve))));
  await new Promise((resolve) => setImmediate(resolve));
  const [out = "", err = ""] = printed.map((text) => text());
  return { status, stdout: out, stderr: err };
}

function answer(stdin: PassThrough, text: string | undefined): void {
  if (text === undefined) stdin.end();
  else stdin.write(`${text}\n`);
}
