import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Io } from "./invocation.ts";
import { questionOutput } from "./question-output.ts";

function io(terminals: readonly ("stdin" | "stdout" | "stderr")[]): Io {
  const stream = (name: "stdin" | "stdout" | "stderr"): PassThrough =>
    Object.assign(new PassThrough(), { isTTY: terminals.includes(name) });
  const [stdin, stdout, stderr] = [stream("stdin"), stream("stdout"), stream("stderr")];
  return { stdin, stdout, stderr, env: {}, cwd: "/" };
}

describe("questions", () => {
  it("go to standard error, whatever reads the answer of the command (cli W16)", () => {
    const piped = io(["stdin", "stderr"]);
    expect(questionOutput(piped)).toBe(piped.stderr);
  });

  it("are not asked where no terminal answers", () => {
    expect(questionOutput(io(["stdout", "stderr"]))).toBeUndefined();
    expect(questionOutput(io(["stdin"]), "/nonexistent/tty")).toBeUndefined();
  });
});
