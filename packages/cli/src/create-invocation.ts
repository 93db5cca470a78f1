import type { Command } from "./command.ts";
import { watchInterrupts, type InterruptWatch } from "./interrupts.ts";
import type { Interrupts, Invocation, Io } from "./invocation.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import { questionOutput } from "./question-output.ts";
import { createPrompter, type Prompter } from "./prompt.ts";

/** What one call of a command consists of. */
export interface InvocationParts {
  readonly command: Command;
  readonly program: string;
  readonly parsed: ParsedArguments;
  readonly io: Io;
}

/** An {@link Invocation} until the command has ended. */
export interface OpenInvocation {
  readonly invocation: Invocation;
  close(): void;
}

/**
 * Puts a call together. Streams are opened and signals watched when the command first asks for them: both take time,
 * and a command that does not look at `interrupts` is ended by a signal like any other program.
 */
export function createInvocation({ command, program, parsed, io }: InvocationParts): OpenInvocation {
  const words = (name: string): readonly string[] => parsed.words.get(name) ?? [];
  let watch: InterruptWatch | undefined;
  let prompter: Prompter | undefined;
  const interrupts = (): Interrupts => (watch ??= watchInterrupts(() => io.stderr));
  const invocation: Invocation = {
    get stdin() {
      return io.stdin;
    },
    get stdout() {
      return io.stdout;
    },
    get stderr() {
      return io.stderr;
    },
    get prompt() {
      return (prompter ??= prompterOf(io, interrupts(), parsed.options.flag("no-input")));
    },
    get interrupts() {
      return interrupts();
    },
    env: io.env,
    cwd: io.cwd,
    command,
    program,
    options: parsed.options,
    words,
    word: (name) => words(name)[0],
  };
  return { invocation, close: () => watch?.close() };
}

function prompterOf(io: Io, { stop, abort }: Interrupts, isQuiet: boolean): Prompter {
  const output = isQuiet ? undefined : questionOutput(io);
  return createPrompter({
    input: io.stdin,
    output: output ?? io.stderr,
    isInteractive: output !== undefined,
    signals: [stop, abort],
  });
}
