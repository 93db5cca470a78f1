import { once } from "node:events";
import type { Output } from "@scap/cli";
import { type JobOutput, LineSplitter } from "@scap/ssh-job";
import { forStream } from "./for-stream.ts";

/** A longer line is printed in pieces, or a host without line feeds would fill the memory. */
const LONGEST_LINE = 64 * 1024;

/** Prints whole lines as they come, with the host in front; what a host writes to standard error goes to ours. */
export class PrefixedOutput {
  readonly #outputs: Readonly<Record<JobOutput["stream"], Output>>;
  readonly #lines = new Map<string, { readonly splitter: LineSplitter; readonly from: JobOutput }>();
  readonly #drained = new Map<Output, Promise<unknown>>();

  constructor(outputs: Readonly<Record<JobOutput["stream"], Output>>) {
    this.#outputs = outputs;
  }

  /** Resolves when the reader of our output has caught up. */
  async add(from: JobOutput): Promise<void> {
    const key = `${from.stream} ${from.host}`;
    const lines = this.#lines.get(key) ?? { splitter: new LineSplitter(LONGEST_LINE), from };
    this.#lines.set(key, lines);
    for (const { text } of lines.splitter.push(from.chunk)) this.#print(from, text);
    await this.#catchUp(this.#outputs[from.stream]);
  }

  /** Prints last lines that have no line feed. */
  end(): void {
    for (const { from, splitter } of this.#lines.values()) {
      for (const { text } of splitter.end()) this.#print(from, text);
    }
    this.#lines.clear();
  }

  #print({ host, stream }: JobOutput, line: string): void {
    const output = this.#outputs[stream];
    output.write(`${host}: ${forStream(line, output)}\n`);
  }

  async #catchUp(output: Output): Promise<void> {
    if (!output.writableNeedDrain) return;
    const known = this.#drained.get(output);
    // A reader that has left must not stop the hosts.
    const drained =
      known ?? Promise.race([once(output, "drain"), once(output, "close")]).catch(() => undefined);
    if (!known) this.#drained.set(output, drained);
    await drained;
    this.#drained.delete(output);
  }
}
