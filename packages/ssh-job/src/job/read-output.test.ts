import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readOutput } from "./read-output.ts";

it("hands over every chunk in order, and is over at the end", async () => {
  const chunks: string[] = [];
  await readOutput(Readable.from([Buffer.from("a"), Buffer.from("b")]), (chunk) => {
    chunks.push(String(chunk));
  });
  expect(chunks).toEqual(["a", "b"]);
});

it("reads nothing while a chunk is being worked on, and ends after the last one", async () => {
  let working = 0;
  let most = 0;
  let done = 0;
  const source = Readable.from(Array.from({ length: 5 }, () => Buffer.from("x")));
  await readOutput(source, async () => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setImmediate(resolve));
    working--;
    done++;
  });
  expect([most, done]).toEqual([1, 5]);
});

it("is over when the stream was given up, before or meanwhile, and waits for what is pending", async () => {
  const before = new Readable({ read: () => undefined }).destroy();
  await new Promise((resolve) => before.once("close", resolve));
  await readOutput(before, () => undefined);
  const stream = new Readable({ read: () => undefined });
  let isDone = false;
  const reading = readOutput(stream, async () => {
    stream.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    isDone = true;
  });
  stream.push("x");
  await reading;
  expect(isDone).toBe(true);
});

it("throws what the caller throws, at once or later, and reads no more", async () => {
  const thrown = new Error("mistake");
  const stream = (): Readable => Readable.from([Buffer.from("a"), Buffer.from("b")]);
  let calls = 0;
  const now = readOutput(stream(), () => {
    calls++;
    throw thrown;
  });
  await expect(now).rejects.toBe(thrown);
  await expect(readOutput(stream(), () => Promise.reject(thrown))).rejects.toBe(thrown);
  expect(calls).toBe(1);
});

it("throws the error of a stream that breaks", async () => {
  const broken = new Error("broken");
  const stream = new Readable({ read: () => undefined });
  const reading = readOutput(stream, () => undefined);
  stream.destroy(broken);
  await expect(reading).rejects.toBe(broken);
});
