import { once } from "node:events";
import { Writable } from "node:stream";
import type { Output } from "@scap/cli";
import { clockText, type LogRecord, type Sink } from "@scap/log";

/** A stream that can be shut: what is written then is gone. */
class Gate extends Writable {
  readonly isTTY: boolean;
  isOpen = true;
  readonly #out: Output;

  constructor(out: Output) {
    super({ decodeStrings: false });
    this.#out = out;
    this.isTTY = out.isTTY === true;
  }

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    if (this.isOpen) this.#out.write(text);
    done();
  }
}

/** Where a replay is shown: live views that can be brought to any moment without showing the way there. */
export class ReplayScreen {
  readonly #out: Output;
  readonly #createSinks: (stream: Writable & { readonly isTTY: boolean }) => readonly Sink[];
  #gate: Gate;
  #sinks: readonly Sink[];

  constructor(out: Output, createSinks: (stream: Writable & { readonly isTTY: boolean }) => readonly Sink[]) {
    this.#out = out;
    this.#createSinks = createSinks;
    this.#gate = new Gate(out);
    this.#sinks = createSinks(this.#gate);
  }

  /** Shows a record. */
  show(record: LogRecord): void {
    for (const sink of this.#sinks) sink.write(record);
  }

  /** Takes a record in without showing it. */
  skip(record: LogRecord): void {
    this.#gate.isOpen = false;
    this.show(record);
    this.#gate.isOpen = true;
  }

  /** Goes back to before the first record. */
  async restart(): Promise<void> {
    await this.close();
    this.#gate.isOpen = false;
    this.#gate = new Gate(this.#out);
    this.#sinks = this.#createSinks(this.#gate);
  }

  /** Says something about the replay itself, with the time that it shows. */
  note(text: string, created: number): void {
    const line = ["--", clockText(created), text].filter((part) => part !== "").join(" ");
    // The live line of a terminal is in the way.
    this.#gate.write(`${this.#gate.isTTY ? "\r\u001b[K" : ""}${line}\n`);
  }

  /** Resolves when the reader of the output has caught up. */
  async ready(): Promise<void> {
    if (this.#out.writableNeedDrain) await once(this.#out, "drain");
  }

  /** Takes the live line away. */
  async close(): Promise<void> {
    for (const sink of this.#sinks) await sink.close();
  }
}
