import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Kernel } from "../kernel/kernel.ts";
import { md5Of } from "./md5-file.ts";
import { Md5Group } from "./md5-group.ts";
import { Md5OfFour } from "./md5-of-four.ts";

const MEMORY_BYTES = 1 << 14;
const LENGTHS = [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 4096, 10_000, 16_383];

function startKernel(): Kernel {
  const kernel = Kernel.start();
  if (kernel === undefined) throw new Error("NOT RUN: needs a little-endian machine");
  return kernel;
}

/** The same bytes in every run, and others in each text. */
function fill(memory: Buffer, seed: number): Buffer {
  for (let at = 0; at < memory.length; at++) memory[at] = Math.imul(at + seed, 0x9e3779b1) >>> 15;
  return memory;
}

const expected = (text: Buffer): string => createHash("md5").update(text).digest("hex");

describe("Md5OfFour", () => {
  test("gives what the system's MD5 does, for texts of any length side by side", () => {
    const kernel = startKernel();
    const memory = [1, 2, 3, 4].map((seed) => fill(kernel.allocate(MEMORY_BYTES), seed));
    const md5 = new Md5OfFour(kernel);
    for (const [index, length] of LENGTHS.entries()) {
      const texts = memory.map((bytes, lane) =>
        bytes.subarray(0, lane === 0 ? length : LENGTHS[(index + lane) % LENGTHS.length]),
      );
      for (let count = 0; count <= texts.length; count++) {
        const some = texts.slice(0, count);
        expect(md5.of(some)).toEqual(some.map(expected));
      }
      const equal = memory.map((bytes) => bytes.subarray(0, length));
      expect(md5.of(equal)).toEqual(equal.map(expected));
    }
  });

  test("takes texts that the kernel cannot reach, and does without it", () => {
    const texts = [1, 2, 3, 4].map((seed) => fill(Buffer.alloc(1000), seed));
    expect(new Md5OfFour(startKernel()).of(texts)).toEqual(texts.map(expected));
    expect(new Md5OfFour(undefined).of(texts)).toEqual(texts.map(expected));
  });
});

describe("Md5Group", () => {
  test("answers four at once, and the rest when no more come", async () => {
    const texts = Array.from({ length: 7 }, (_, n) => Buffer.from(`text ${n}`));
    const group = new Md5Group(undefined);
    const md5s = await Promise.all(texts.map((text) => group.of(text)));
    expect(md5s).toEqual(texts.map((text) => md5Of(text)));
  });
});
