import { expect, test } from "vitest";
import { parseDuration } from "../src/parse-duration.ts";

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["50ms", 50],
  ["90", 90_000],
  ["0", 0],
])("a time to wait has a unit, and is in seconds without one: %s (lock W10)", (text, durationMs) => {
  expect(parseDuration(text, "--lock-timeout")).toBe(durationMs);
});

test.each(["", "m", "-1s", "10 minutes", "1e3", "Infinity"])("%j is no time (lock W10)", (text) => {
  expect(() => parseDuration(text, "--lock-timeout")).toThrow("--lock-timeout");
});
