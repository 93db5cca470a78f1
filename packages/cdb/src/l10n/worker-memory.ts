import { CdbImageBuilder } from "../json/cdb-image.ts";
import { type EncodeJsonMemory, encodeJsonMemory } from "../json/encode-json.ts";
import { Kernel } from "../kernel/kernel.ts";
import { ReusedBuffer } from "../reused-buffer.ts";

/** Files up to this size are read to where the kernel is. Memory that nobody uses the system does not give. */
const USUAL_FILE_BYTES = 5 << 20;

/** What a worker keeps from one file to the next. */
export class WorkerMemory {
  /** The file being read. */
  readonly input: ReusedBuffer;
  /** A second file that is only looked at. */
  readonly other: ReusedBuffer = new ReusedBuffer();
  readonly encoding: EncodeJsonMemory;
  readonly images: CdbImageBuilder;

  constructor() {
    const kernel = Kernel.start();
    // What the kernel can reach it need not copy.
    this.input = new ReusedBuffer(kernel?.allocate(USUAL_FILE_BYTES));
    this.encoding = encodeJsonMemory(kernel);
    this.images = new CdbImageBuilder(kernel, kernel?.allocate(USUAL_FILE_BYTES));
  }
}
