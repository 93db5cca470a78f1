import { clockText } from "../clock-text.ts";
import { wantsColour } from "../colour.ts";
import { entryText } from "../entry-text.ts";
import { textForm } from "../message/python-text.ts";
import type { LooseRecord } from "../record.ts";
import type { OutputStream } from "../sinks/stream-writer.ts";
import { visibleText } from "../visible-text.ts";

/** Where entries are printed, and in which form. */
export interface RecordPrinterOptions {
  readonly stream: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly utc: boolean;
  /** Print the line of the record instead of an entry. */
  readonly json: boolean;
}

const BATCH_CHARACTERS = 64 * 1024;

/** Prints entries in batches; `send` hands over the batch, and tells whether the stream wants a pause. */
export class RecordPrinter {
  readonly #options: RecordPrinterOptions;
  readonly #style: { readonly colour: boolean; readonly visible: boolean };
  #batch = "";
  #isFull = false;

  constructor(options: RecordPrinterOptions) {
    this.#options = options;
    const { stream, env } = options;
    this.#style = { colour: wantsColour(stream, env), visible: stream.isTTY === true };
  }

  print(record: LooseRecord, line: string): void {
    this.line(this.#options.json ? this.#shown(line) : this.#entry(record));
  }

  line(text: string): void {
    this.#batch += `${text}\n`;
    if (this.#batch.length >= BATCH_CHARACTERS) this.send();
  }

  send(): void {
    if (this.#batch === "") return;
    if (!this.#options.stream.write(this.#batch)) this.#isFull = true;
    this.#batch = "";
  }

  /** Resolves when the stream takes more again; at once when it never refused. */
  async ready(): Promise<void> {
    if (!this.#isFull) return;
    await new Promise<void>((resolve) => this.#options.stream.write("", () => resolve()));
    this.#isFull = false;
  }

  #entry(record: LooseRecord): string {
    const host = record["host"];
    const shownHost = host === undefined ? "-" : textForm(host);
    return entryText(
      record,
      `${clockText(record["created"], this.#options.utc)} [${shownHost}] `,
      this.#style,
    );
  }

  #shown(line: string): string {
    return this.#style.visible ? visibleText(line) : line;
  }
}
