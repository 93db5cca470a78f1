import { once } from "node:events";
import type { Output } from "@scap/cli";
import { type HostResult, type JobOutput, LineSplitter } from "@scap/ssh-job";
import { forStream } from "./for-stream.ts";

/** A longer line is printed in pieces, or a host without line feeds would fill the memory. */
const LONGEST_LINE = 64 * 1024;

type Source = Pick<JobOutput, "host" | "stream">;

/** Prints whole lines as they come, with the host in front; what a host writes to standard error goes to ours. */
export class PrefixedOutput {
  readonly #outputs: Readonly<Record<JobOutput["stream"], Output>>;
  readonly #lines = new Map<string, LineSplitter>();
  readonly #drained = new Map<Output, Promise<unknown>>();
  /** Outputs whose reader has left. Node makes standard output writable again after it. */
  readonly #left = new Set<Output>();

  constructor(outputs: Readonly<Record<JobOutput["stream"], Output>>) {
    this.#outputs = outputs;
    for (const output of [outputs.stdout, outputs.stderr]) output.once("close", () => this.#left.add(output));
  }

  /** Resolves when the reader of our output has caught up. */
  async add(from: JobOutput): Promise<void> {
    // A reader that has left must not stop the hosts, but nothing more is made for it.
    if (this.#left.has(this.#outputs[from.stream])) return;
    const key = keyOf(from);
    const lines = this.#lines.get(key) ?? new LineSplitter(LONGEST_LINE);
    this.#lines.set(key, lines);
    this.#print(from, lines.push(from.chunk));
    await this.#catchUp(this.#outputs[from.stream]);
  }

  /** Prints a host's last lines, which may have no line feed, and why the host could not be used. */
  end(result: HostResult): void {
    const { host } = result;
    for (const from of [
      { host, stream: "stdout" },
      { host, stream: "stderr" },
    ] as const) {
      this.#print(from, this.#lines.get(keyOf(from))?.end() ?? []);
      this.#lines.delete(keyOf(from));
    }
    if ("error" in result) this.#print({ host, stream: "stderr" }, [{ text: result.error.message }]);
  }

  /** In one piece: a host that floods us with short lines must not keep Ctrl-C from being noticed. */
  #print({ host, stream }: Source, lines: Iterable<{ readonly text: string }>): void {
    const output = this.#outputs[stream];
    let text = "";
    for (const line of lines) text += `${host}: ${forStream(line.text, output)}\n`;
    if (text !== "") output.write(text);
  }

  async #catchUp(output: Output): Promise<void> {
    if (!output.writableNeedDrain) return;
    const known = this.#drained.get(output);
    const drained =
      known ?? Promise.race([once(output, "drain"), once(output, "close")]).catch(() => undefined);
    if (!known) this.#drained.set(output, drained);
    await drained;
    this.#drained.delete(output);
  }
}

function keyOf({ host, stream }: Source): string {
  return `${stream} ${host}`;
}
