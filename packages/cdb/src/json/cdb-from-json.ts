import { Kernel } from "../kernel/kernel.ts";
import { CdbImageBuilder } from "./cdb-image.ts";

/**
 * Makes a CDB file in memory from a JSON object of strings, in the order of the text. Of a name that comes twice the
 * first place and the last value count.
 *
 * @param path name for messages
 * @throws {@link CdbError} `CDB_INPUT` with the offset in the text
 */
export function cdbFromJson(json: Uint8Array, path?: string): Buffer {
  const text = Buffer.from(json.buffer, json.byteOffset, json.length);
  const { head, tables } = new CdbImageBuilder(Kernel.start(text.length)).build(text, path);
  return Buffer.concat([head, tables]);
}
