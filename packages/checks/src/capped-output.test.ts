import { expect, test } from "vitest";
import { CappedOutput } from "./capped-output.ts";

test("keeps short output as it is", () => {
  const output = new CappedOutput();
  output.add(Buffer.from("a"));
  output.add(Buffer.from("b\n"));
  expect(output.text()).toBe("ab\n");
});

test("keeps the start and the end of a long output and says how much is missing (checks W11)", () => {
  const output = new CappedOutput();
  for (let line = 0; line < 100_000; line += 1) output.add(Buffer.from(`line ${line}\n`));
  const text = output.text();
  expect(text.startsWith("line 0\n")).toBe(true);
  expect(text.endsWith("line 99999\n")).toBe(true);
  expect(text).toMatch(/\n\[\d+ bytes left out\]\n/);
  expect(text.length).toBeLessThan(82_000);
});

test("bytes that are not UTF-8 become replacement characters", () => {
  const output = new CappedOutput();
  output.add(Buffer.from([0xff, 0x0a]));
  expect(output.text()).toBe("\uFFFD\n");
});
