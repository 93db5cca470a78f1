import { CdbImageBuilder } from "../json/cdb-image.ts";
import { ReusedBuffer } from "../reused-buffer.ts";

const TEXT_BYTES = 1 << 18;

/** What a worker keeps from one file to the next. */
export class WorkerMemory {
  /** The file being read. */
  readonly input: ReusedBuffer = new ReusedBuffer();
  /** A second file that is only looked at. */
  readonly other: ReusedBuffer = new ReusedBuffer();
  /** Text on its way to a file. */
  readonly text: Buffer = Buffer.allocUnsafeSlow(TEXT_BYTES);
  readonly images: CdbImageBuilder = new CdbImageBuilder();
}
