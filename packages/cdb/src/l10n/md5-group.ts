import type { Kernel } from "../kernel/kernel.ts";
import { MD5_LANES, Md5OfFour } from "./md5-of-four.ts";

interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: (md5: string) => void;
}

/** Gathers the MD5s that several pieces of work want, to work them out at once. */
export class Md5Group {
  readonly #md5: Md5OfFour;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Immediate | undefined;

  constructor(kernel: Kernel | undefined) {
    this.#md5 = new Md5OfFour(kernel);
  }

  /** MD5 of some bytes, as soon as there are four or nobody else is about to want one. */
  of(bytes: Buffer): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, resolve });
      if (this.#waiting.length === MD5_LANES) this.#answer();
      else this.#timer ??= setImmediate(() => this.#answer());
    });
  }

  #answer(): void {
    clearImmediate(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    const md5s = this.#md5.of(waiting.map(({ bytes }) => bytes));
    waiting.forEach(({ resolve }, index) => resolve(md5s[index] as string));
  }
}
