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

  constructor(outputs: Readonly<Record<JobOutput["stream"], Output>>) {
    this.#outputs = outputs;
  }

  /** Resolves when the reader of our output has caught up. */
  async add(from: JobOutput): Promise<void> {
    const key = keyOf(from);
    const lines = this.#lines.get(key) ?? new LineSplitter(LONGEST_LINE);
    this.#lines.set(key, lines);
    for (const { text } of lines.push(from.chunk)) this.#print(from, text);
    await this.#catchUp(this.#outputs[from.stream]);
  }

  /** Prints a host's last lines, which may have no line feed, and why the host could not be used. */
  end(result: HostResult): void {
    const { host } = result;
    for (const from of [
      { host, stream: "stdout" },
      { host, stream: "stderr" },
    ] as const) {
      for (const { text } of this.#lines.get(keyOf(from))?.end() ?? []) this.#print(from, text);
      this.#lines.delete(keyOf(from));
    }
    if ("error" in result) this.#print({ host, stream: "stderr" }, result.error.message);
  }

  #print({ host, stream }: Source, line: string): void {
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

function keyOf({ host, stream }: Source): string {
  return `${stream} ${host}`;
}
