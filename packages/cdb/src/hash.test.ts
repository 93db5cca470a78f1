import { expect, test } from "vitest";
import { cdbHash } from "./index.ts";

test.each([
  ["", 5381],
  ["\u0001", 177572],
  ["a", 177604],
  ["one", 193420161],
  ["two", 193421353],
  ["mediawiki", 3280350749],
  ["€", 193278953],
  ["ad V-F}", 0],
])("hashes %j to %i (cdb case 1)", (key, hash) => {
  expect(cdbHash(Buffer.from(key))).toBe(hash);
});
