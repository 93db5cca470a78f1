import { CliError } from "./errors.ts";
import { EXIT } from "./exit-code.ts";
import type { Input, Output } from "./invocation.ts";

/** Where a secret is asked for. */
export interface SecretOptions {
  readonly input: Input & { readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly output: Output;
}

const [INTERRUPT, END, BACKSPACE, DELETE, KILL_LINE] = ["\u0003", "\u0004", "\b", "\u007f", "\u0015"];

/**
 * Asks for a line that is not shown while it is typed. The terminal sends every key by itself then, so that the keys
 * that edit a line, and Ctrl-C, are acted on here.
 *
 * @throws CliError when the user stops the program instead, or the input ends
 */
export async function readSecret(question: string, { input, output }: SecretOptions): Promise<string> {
  output.write(question);
  input.setRawMode?.(true);
  try {
    return await typedLine(input);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    output.write("\n");
  }
}

function typedLine(input: SecretOptions["input"]): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    const finish = (settle: () => void): void => {
      input.off("data", onData).off("end", onEnd);
      settle();
    };
    const onEnd = (): void =>
      finish(() => reject(stopped("NO_ANSWER", "Input ended before the question was answered")));
    const onData = (chunk: Buffer | string): void => {
      for (const key of String(chunk)) {
        if (key === "\r" || key === "\n") return finish(() => resolve(line));
        if (key === END) return onEnd();
        if (key === INTERRUPT)
          return finish(() => reject(stopped("INTERRUPTED", "Stopped while waiting for an answer")));
        if (key === KILL_LINE) line = "";
        else if (key === BACKSPACE || key === DELETE) line = Array.from(line).slice(0, -1).join("");
        else line += key;
      }
    };
    input.on("data", onData).once("end", onEnd);
    input.resume();
  });
}

function stopped(code: "NO_ANSWER" | "INTERRUPTED", message: string): CliError {
  return new CliError(message, { code, exitCode: code === "INTERRUPTED" ? EXIT.interrupted : EXIT.failed });
}
