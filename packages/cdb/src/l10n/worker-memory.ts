import { CdbImageBuilder } from "../json/cdb-image.ts";
import { type EncodeJsonMemory, encodeJsonMemory } from "../json/encode-json.ts";
import { Kernel } from "../kernel/kernel.ts";
import { ReusedBuffer } from "../reused-buffer.ts";
import { Md5Group } from "./md5-group.ts";
import { MD5_LANES } from "./md5-of-four.ts";

/** Files up to this size are read to where the kernel is. Memory that nobody uses the system does not give. */
const USUAL_FILE_BYTES = 5 << 20;
const NO_MEMORY = Buffer.alloc(0);

/** What a worker keeps from one file to the next. */
export class WorkerMemory {
  /** The file being read. */
  readonly input: ReusedBuffer;
  /** A second file that is only looked at. */
  readonly other: ReusedBuffer = new ReusedBuffer();
  readonly encoding: EncodeJsonMemory;
  readonly images: CdbImageBuilder;
  readonly md5s: Md5Group;
  /** Places for files whose MD5s are worked out at once. */
  readonly #places: Buffer[] = [];

  constructor() {
    const kernel = Kernel.start();
    // What the kernel can reach it need not copy.
    this.input = new ReusedBuffer(kernel?.allocate(USUAL_FILE_BYTES));
    this.encoding = encodeJsonMemory(kernel);
    this.images = new CdbImageBuilder(kernel, kernel?.allocate(USUAL_FILE_BYTES));
    this.md5s = new Md5Group(kernel);
    if (kernel === undefined) return;
    for (let n = 0; n < MD5_LANES; n++) this.#places.push(kernel.allocate(USUAL_FILE_BYTES));
  }

  /** A place for a file that stays while others are worked on; too small for a large one, or if all are taken. */
  takePlace(): Buffer {
    return this.#places.pop() ?? NO_MEMORY;
  }

  /** Gives a place back. */
  returnPlace(place: Buffer): void {
    if (place !== NO_MEMORY) this.#places.push(place);
  }
}
