import { CdbImageBuilder } from "../json/cdb-image.ts";
import { type EncodeJsonMemory, encodeJsonMemory } from "../json/encode-json.ts";
import { Kernel } from "../kernel/kernel.ts";
import { ReusedBuffer } from "../reused-buffer.ts";

/** What a worker keeps from one file to the next. */
export class WorkerMemory {
  /** The file being read. */
  readonly input: ReusedBuffer = new ReusedBuffer();
  /** A second file that is only looked at. */
  readonly other: ReusedBuffer = new ReusedBuffer();
  readonly encoding: EncodeJsonMemory;
  readonly images: CdbImageBuilder;

  constructor() {
    const kernel = Kernel.start();
    this.encoding = encodeJsonMemory(kernel);
    this.images = new CdbImageBuilder(kernel);
  }
}
