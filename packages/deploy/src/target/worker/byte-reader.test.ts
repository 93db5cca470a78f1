import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";

it("stays at the end after a silence, whatever comes later", async () => {
  const source = new PassThrough();
  const reader = new ByteReader(source, 20);
  source.write("a line\npay");
  expect(await reader.readLine(100)).toBe("a line");
  const pieces: string[] = [];
  for await (const piece of reader.readBytes(7)) pieces.push(String(piece));
  expect(pieces).toEqual(["pay"]);
  source.write("load\n{}\n");
  expect(await reader.readLine(100)).toBeUndefined();
});
