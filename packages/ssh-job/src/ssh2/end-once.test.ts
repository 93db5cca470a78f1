import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { endOnce } from "./end-once.ts";

it("ends a stream as ever, and does nothing when that is done again", async () => {
  const stream = new PassThrough();
  const plainEnd = stream.end.bind(stream);
  let ends = 0;
  stream.end = ((last: string) => {
    ends++;
    return plainEnd(last);
  }) as typeof stream.end;
  endOnce(stream);
  stream.end("the last words");
  await once(stream, "finish");
  expect([String(stream.read()), ends]).toEqual(["the last words", 1]);
  expect(stream.end()).toBe(stream);
  expect(ends).toBe(1);
});
