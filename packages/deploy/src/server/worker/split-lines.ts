import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Longest line that is kept whole, in characters; what is longer arrives in pieces. */
const LONGEST_LINE = 1_048_576;

/** Calls `onLine` for each line of a stream of UTF-8 text, also for a last one without an end. */
export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  const take = (text: string): void => {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (pending.length > LONGEST_LINE) {
      onLine(pending);
      pending = "";
    }
  };
  stream.on("data", (chunk: Buffer | string) => take(decoder.write(chunk)));
  stream.once("end", () => {
    take(decoder.end());
    if (pending !== "") onLine(pending);
    pending = "";
  });
}
