import type { Readable, Writable } from "node:stream";
import type { Command } from "./command.ts";
import type { OptionValues } from "./option-values.ts";
import type { Prompter } from "./prompt.ts";

/** A stream that may be a terminal. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A standard input that may be a terminal. */
export type Input = Readable & { readonly isTTY?: boolean };

/** The world as a command sees it: handed in, so that tests can hand in another. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** One call of a command: what was asked for, and the means to do it. */
export interface Invocation extends Io {
  readonly command: Command;
  /** Full name, `scap deploy`. */
  readonly program: string;
  readonly options: OptionValues;
  /** Words of a positional argument; empty when it was left out. */
  readonly words: (name: string) => readonly string[];
  /** The first word of a positional argument. */
  readonly word: (name: string) => string | undefined;
  readonly prompt: Prompter;
  readonly interrupts: Interrupts;
}

/** How a user's wish to stop reaches a command: the first signal asks, the second insists. */
export interface Interrupts {
  /** Aborted by the first signal: finish what is in flight, start nothing new. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: stop now. */
  readonly abort: AbortSignal;
  /** Status that the first signal asks for: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
  readonly exitCode: number;
}
