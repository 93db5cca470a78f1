import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { Environment } from "@scap/jinja";

/** The variables of a rendering. */
export type Variables = Readonly<Record<string, unknown>>;

/** An engine of this process: parses a template and gives the function that renders it. */
export type Compile = (text: string, name: string) => (variables: Variables) => string;

/** @scap/jinja as a caller uses it. */
export const ours: Compile = (text, name) => {
  const template = new Environment().compile(text, name);
  return (variables) => template.render(variables);
};

interface Nunjucks {
  readonly Environment: new (loader: null, options: { readonly autoescape: boolean }) => object;
  readonly Template: new (
    text: string,
    environment: object,
    path: string,
    eager: boolean,
  ) => { render(variables: Variables): string };
}
const nunjucks = createRequire(import.meta.url)("nunjucks") as Nunjucks;

/** nunjucks with escaping off, as configuration files need it. */
export const theirs: Compile = (text, name) => {
  const environment = new nunjucks.Environment(null, { autoescape: false });
  const template = new nunjucks.Template(text, environment, name, true);
  return (variables) => template.render(variables);
};

/** Python's Jinja2 in a process that stays, so that its start is not counted. */
export class WarmPython {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const script = new URL("warm-jinja2.py", import.meta.url).pathname;
    this.#process = spawn("/usr/bin/python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Renders `count` times; the time is that of the rendering alone, in milliseconds. */
  async render(
    text: string,
    variables: Variables,
    count: number,
  ): Promise<{ readonly ms: number; readonly output: string }> {
    this.#process.stdin.write(`${JSON.stringify({ text, variables, count })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("Python ended; is python3-jinja2 installed?");
    return JSON.parse(value) as { readonly ms: number; readonly output: string };
  }

  /** Ends the process. */
  stop(): void {
    this.#process.stdin.end();
  }
}
