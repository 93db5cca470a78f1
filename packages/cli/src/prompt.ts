import { LineReader } from "./line-reader.ts";
import { readSecret } from "./read-secret.ts";
import type { Input, Output } from "./invocation.ts";

/** One answer that can be chosen. */
export interface Choice {
  /** What the user types. */
  readonly key: string;
  readonly label: string;
}

/**
 * Asks the user. Without a terminal a question with a default answers itself. A question whose `signal` is aborted fails
 * with code `NO_ANSWER`.
 */
export interface Prompter {
  /** True when somebody at a terminal can answer, whatever standard output leads to. */
  readonly isInteractive: boolean;
  /** Free text; empty without a terminal. */
  ask(question: string): Promise<string>;
  /** A line that is not shown while it is typed; empty without a terminal. */
  secret(question: string): Promise<string>;
  /** Yes or no. */
  confirm(
    question: string,
    options?: { readonly default?: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<boolean>;
  /** The key of one choice. */
  choose(
    question: string,
    choices: readonly Choice[],
    options?: { readonly default?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<string>;
}

/** Where a prompter reads and writes. Questions go to `output`, so that standard output keeps the answer of the command. */
export interface PrompterOptions {
  readonly input: Input;
  readonly output: Output;
  readonly isInteractive: boolean;
  /** Each of them ends a question that is open when it is aborted; one aborted before counts no more. */
  readonly signals?: readonly AbortSignal[];
}

/** Makes a {@link Prompter} that asks line by line until an answer is valid. */
export function createPrompter(options: PrompterOptions): Prompter {
  const desk: Desk = { ...options, lines: new LineReader(options) };
  return {
    isInteractive: options.isInteractive,
    ask: async (question) => (options.isInteractive ? (await desk.lines.ask(`${question} `)).trim() : ""),
    secret: async (question) => (options.isInteractive ? await readSecret(`${question}: `, options) : ""),
    confirm: (question, { default: fallback, signal } = {}) =>
      confirm({ ...desk, signal }, question, fallback),
    choose: (question, choices, { default: fallback, signal } = {}) =>
      choose({ ...desk, signal }, question, choices, fallback),
  };
}

interface Desk extends PrompterOptions {
  readonly lines: LineReader;
  /** Ends the question that is being asked. */
  readonly signal?: AbortSignal | undefined;
}

async function confirm(desk: Desk, question: string, fallback: boolean | undefined): Promise<boolean> {
  const keys = fallback === undefined ? "[y/n]" : fallback ? "[Y/n]" : "[y/N]";
  const key = fallback === undefined ? undefined : fallback ? "y" : "n";
  const answer = await answerOneOf(desk, ["y", "n"], key, `${question} ${keys}: `, (text) =>
    text.toLowerCase(),
  );
  return answer === "y";
}

async function choose(
  desk: Desk,
  question: string,
  choices: readonly Choice[],
  fallback: string | undefined,
): Promise<string> {
  const split = question.lastIndexOf("\n\n");
  const above = split < 0 ? "" : question.slice(0, split + 2);
  const below = split < 0 ? question : question.slice(split + 2);
  const lines = choices.map(({ key, label }) => {
    const line = `[${key}] ${label}`;
    return key === fallback ? `\u001b[1m${line}\u001b[0m\n` : `${line}\n`;
  });
  const ending = fallback === undefined ? ": " : ` (default: [${fallback}]): `;
  const keys = choices.map(({ key }) => key);
  return answerOneOf(desk, keys, fallback, `${above}${lines.join("")}${below}${ending}`, (text) => text);
}

async function answerOneOf(
  desk: Desk,
  keys: readonly string[],
  fallback: string | undefined,
  shown: string,
  normalise: (text: string) => string,
): Promise<string> {
  if (!desk.isInteractive && fallback !== undefined) return fallback;
  for (;;) {
    const answer = normalise((await desk.lines.ask(shown, desk.signal)).trim()) || fallback;
    if (answer === undefined) continue;
    if (keys.includes(answer)) return answer;
    desk.output.write(`Invalid choice: ${JSON.stringify(answer)}. Type one of ${keys.join(", ")}.\n`);
  }
}
