import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";

/** A template to render with Python; `variables` is JSON text, which keeps `1.0` and `1` apart. */
export interface PythonRequest {
  readonly template: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly variables: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What Python made of a template. */
export interface PythonResult {
  readonly output?: string;
  readonly kind?: string;
  readonly line?: number | null;
  readonly message?: string;
}

// The python3 of the PATH may be another one, without Debian's packages.
const PYTHON = "/usr/bin/python3";

/** Whether Debian's python3-jinja2 is installed. */
export function hasPythonJinja(): boolean {
  return spawnSync(PYTHON, ["-c", "import jinja2"]).status === 0;
}

/** A Python process that renders one template after the other. */
export class PythonJinja {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /** Starts Python and waits until it is ready. */
  static async start(): Promise<PythonJinja> {
    const script = new URL("python-jinja.py", import.meta.url).pathname;
    const python = new PythonJinja(spawn(PYTHON, [script], { stdio: ["pipe", "pipe", "pipe"] }));
    await python.#read();
    return python;
  }

  /** Renders templates in order. */
  async renderAll(requests: readonly PythonRequest[]): Promise<PythonResult[]> {
    const results: PythonResult[] = [];
    // Small portions, so that neither side waits for the other with a full pipe.
    for (let start = 0; start < requests.length; start += 50) {
      const portion = requests.slice(start, start + 50);
      this.#process.stdin.write(portion.map((request) => `${JSON.stringify(request)}\n`).join(""));
      for (const _ of portion) results.push(JSON.parse(await this.#read()) as PythonResult);
    }
    return results;
  }

  async #read(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("Python ended; is python3-jinja2 installed?");
    return value;
  }

  /** Ends Python. */
  stop(): void {
    this.#process.stdin.end();
  }
}
