import type { Interface } from "node:readline";
import { CliError } from "./errors.ts";
import { EXIT } from "./exit-code.ts";
import type { Input, Output } from "./invocation.ts";

/** Reads answers line by line from one input; lines that arrive early wait, except those typed ahead on a terminal. */
export class LineReader {
  readonly #input: Input;
  readonly #output: Output;
  readonly #signals: readonly AbortSignal[];
  readonly #early: string[] = [];
  #interface: Interface | undefined;
  #ended = false;
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;

  constructor(options: {
    readonly input: Input;
    readonly output: Output;
    readonly signals?: readonly AbortSignal[];
  }) {
    this.#input = options.input;
    this.#output = options.output;
    this.#signals = options.signals ?? [];
  }

  /**
   * Shows `text` and waits for a line.
   *
   * @param tooLate - ends the question
   * @throws CliError when the input ends or it is too late first, or the user stops the program instead of answering.
   */
  async ask(text: string, tooLate?: AbortSignal): Promise<string> {
    if (this.#input.isTTY === true) this.#early.length = 0;
    this.#output.write(text);
    // A question that comes after the first wish to stop is ended by the next one only.
    const signal = this.#signals.find(({ aborted }) => !aborted);
    const lines = await this.#open();
    if (signal?.aborted === true) throw interrupted();
    const early = this.#early.shift();
    if (early !== undefined) return early;
    if (this.#ended) throw inputEnded();
    lines.resume();
    const onAbort = (): void => this.#waiting?.reject(interrupted());
    signal?.addEventListener("abort", onAbort, { once: true });
    const onLate = (): void => this.#waiting?.reject(notAnsweredInTime());
    tooLate?.addEventListener("abort", onLate, { once: true });
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
    } finally {
      this.#waiting = undefined;
      signal?.removeEventListener("abort", onAbort);
      tooLate?.removeEventListener("abort", onLate);
      // A paused input lets the process end while nobody is asked.
      if (!this.#ended) lines.pause();
    }
  }

  async #open(): Promise<Interface> {
    if (this.#interface !== undefined) return this.#interface;
    // Commands that ask nothing start without it.
    const { createInterface } = await import("node:readline");
    const lines = createInterface({ input: this.#input, terminal: false });
    lines.on("line", (line) => {
      if (this.#waiting === undefined) this.#early.push(line);
      else this.#waiting.resolve(line);
      this.#waiting = undefined;
    });
    lines.once("close", () => {
      this.#ended = true;
      this.#waiting?.reject(inputEnded());
    });
    this.#interface = lines;
    return lines;
  }
}

function inputEnded(): CliError {
  return new CliError("Input ended before the question was answered", {
    code: "NO_ANSWER",
    exitCode: EXIT.failed,
  });
}

function notAnsweredInTime(): CliError {
  return new CliError("Nobody answered the question in time", { code: "NO_ANSWER", exitCode: EXIT.failed });
}

function interrupted(): CliError {
  return new CliError("Stopped while waiting for an answer", {
    code: "INTERRUPTED",
    exitCode: EXIT.interrupted,
  });
}
