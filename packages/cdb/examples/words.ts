import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCdb, openCdb } from "@scap/cdb";

const folder = mkdtempSync(join(tmpdir(), "words-"));
const path = join(folder, "words.cdb");

await buildCdb(path, [
  ["one", "eins"],
  ["two", "zwei"],
  ["one", "un"],
]);

const words = openCdb(path);
console.log(words.getText("one"), words.getAll("one").map(String), words.has("three"));
for (const [key, value] of words.textEntries()) console.log(key, value);
words.close();

rmSync(folder, { recursive: true });
