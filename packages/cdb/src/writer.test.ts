import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildCdb, createCdb, encodeCdb } from "./index.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdb-writer-"));
  path = join(folder, "x.cdb");
});
afterEach(() => rmSync(folder, { recursive: true }));

const ENTRIES = Array.from({ length: 5000 }, (_, n): [string, string] => [
  `key ${n % 4900}`,
  "v".repeat(n % 700),
]);

test("a writer, a builder and the encoder make the same bytes", async () => {
  const writer = createCdb(path);
  for (const [key, value] of ENTRIES) writer.put(key, value);
  const summary = writer.finish();
  const expected = encodeCdb(ENTRIES);
  expect(summary).toEqual({ records: 5000, sizeBytes: expected.length });
  expect(readFileSync(path).equals(expected)).toBe(true);
  expect(await buildCdb(path, ENTRIES)).toEqual(summary);
  expect(readFileSync(path).equals(expected)).toBe(true);
  expect(readdirSync(folder)).toEqual(["x.cdb"]);
});

test("a builder takes an async iterable and records larger than its buffers", async () => {
  async function* entries(): AsyncGenerator<[string, Buffer]> {
    yield ["big", Buffer.alloc(3_000_000, "b")];
    yield ["small", Buffer.from("s")];
  }
  await buildCdb(path, entries());
  expect(
    readFileSync(path).equals(
      encodeCdb([
        ["big", "b".repeat(3_000_000)],
        ["small", "s"],
      ]),
    ),
  ).toBe(true);
});

test("abort removes the temporary file and leaves the old one", () => {
  writeFileSync(path, "old");
  const writer = createCdb(path);
  writer.put("a", "b");
  writer.abort();
  expect(readdirSync(folder)).toEqual(["x.cdb"]);
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(() => writer.put("c", "d")).toThrow(expect.objectContaining({ code: "CDB_CLOSED" }));
});

test("a signal stops writer and builder and leaves nothing behind", async () => {
  const stop = new AbortController();
  const writer = createCdb(path, { signal: stop.signal });
  function* endless(): Generator<[string, string]> {
    for (let n = 0; ; n++) {
      if (n === 5000) stop.abort();
      yield [`${n}`, "x"];
    }
  }
  await expect(buildCdb(path, endless(), { signal: stop.signal })).rejects.toMatchObject({
    code: "CDB_ABORTED",
  });
  expect(() => writer.put("a", "b")).toThrow(expect.objectContaining({ code: "CDB_ABORTED" }));
  expect(readdirSync(folder)).toEqual([]);
});

test("an error of the source ends the build and leaves nothing behind", async () => {
  function* broken(): Generator<[string, string]> {
    yield ["a", "b"];
    throw new Error("the source broke");
  }
  await expect(buildCdb(path, broken())).rejects.toThrow("the source broke");
  expect(readdirSync(folder)).toEqual([]);
});

test("progress is reported as records come in", async () => {
  const seen: number[] = [];
  await buildCdb(path, ENTRIES, { onProgress: ({ records }) => seen.push(records) });
  expect(seen).toEqual([1024, 2048, 3072, 4096]);
});

test("temporary files of processes that are gone are removed, those of living ones are not", () => {
  writeFileSync(`${path}.4194999.0123abcd.tmp`, "left behind");
  writeFileSync(`${path}.${process.ppid}.0123abcd.tmp`, "in use");
  writeFileSync(join(folder, "other.cdb.4194999.0123abcd.tmp"), "not ours");
  createCdb(path, { mode: 0o600 }).finish();
  expect(readdirSync(folder).toSorted()).toEqual(
    ["other.cdb.4194999.0123abcd.tmp", "x.cdb", `x.cdb.${process.ppid}.0123abcd.tmp`].toSorted(),
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a folder that is not there is named", () => {
  expect(() => createCdb(join(folder, "none", "x.cdb"))).toThrow(
    /none: cannot list: no such file or directory/,
  );
});
