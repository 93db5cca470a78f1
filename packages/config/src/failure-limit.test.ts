import { expect, test } from "vitest";

import { failureLimitHosts, parseFailureLimit } from "./failure-limit.ts";

test.each([
  [3, "75%", 2],
  [3, "33.4%", 1],
  [3, "33%", 0],
  [2, "2", 2],
  [100, "29%", 29],
  [100, "57%", 57],
  [100, "58%", 58],
  [3, "100%", 3],
  [1000, ".1%", 1],
  [10, "0%", 0],
  [10, " 10 %", 1],
  [10, "+10%", 1],
  [100, "1_0%", 10],
  [100, "2.9e1%", 29],
  [1000, "1E-1%", 1],
  [10, "0e9%", 0],
])("of %i hosts %s is %i", (hosts, text, expected) => {
  const limit = parseFailureLimit(text);
  expect(limit && failureLimitHosts(limit, hosts)).toBe(expected);
});

test("a hundred percent and a bit is refused", () => {
  expect(parseFailureLimit("100.0000000000000000000000001%")).toBeUndefined();
});

test.each(["%", "x%", "-1%", "nan%", "inf%", "1e3%", "1__0%", "0x5%", "1.5", ""])("%j is refused", (text) => {
  expect(parseFailureLimit(text)).toBeUndefined();
});
