import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

/** The shipped command. */
export const DEPLOY_LOCAL: string = fileURLToPath(new URL("../bin/deploy-local.js", import.meta.url));

/** What a worker answers, loosely: tests look at single fields. */
export interface Reply {
  readonly reply: number;
  readonly ok: boolean;
  readonly result?: Record<string, unknown>;
  readonly error?: { code: string; message: string; exitCode: number };
}

/** A worker in a process of its own. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #id = 0;

  constructor(env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [DEPLOY_LOCAL, "worker"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    this.exited = once(this.child, "exit");
    if (this.child.stdout === null) throw new Error("no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (!line.startsWith('{"reply":')) return;
      const reply = JSON.parse(line) as Reply;
      this.#waiting.get(reply.reply)?.(reply);
    });
  }

  async ask(request: Record<string, unknown>, payload?: AsyncIterable<Buffer>): Promise<Reply> {
    const id = ++this.#id;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify({ ...request, id })}\n`);
    if (payload !== undefined) for await (const chunk of payload) this.child.stdin?.write(chunk);
    return await reply;
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    await this.exited;
  }
}
