import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCdb, type CdbEntry, dumpCdb, encodeCdb, makeCdb, openCdb, readCdb } from "../src/index.ts";

// The real programs. Where one is missing the test says so; on a build server that is a failure.
// Not by PATH: under npm the first `cdb` there is ours.
const TINYCDB = "/usr/bin/cdb";
const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).error === undefined;
const isCi = process.env["CI"] !== undefined;
const haveTinycdb = isCi || runs(TINYCDB, "-h");
const havePhp = isCi || (runs("php", "-v") && phpHandlers().includes("cdb_make"));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdb-peers-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

function phpHandlers(): string {
  return spawnSync("php", ["-r", 'echo implode(" ", dba_handlers());'], { encoding: "utf8" }).stdout;
}

function cdbmake(entries: readonly CdbEntry[]): Buffer {
  const lines = entries.flatMap(([key, value]) => {
    const [k, v] = [Buffer.from(key), Buffer.from(value)];
    return [Buffer.from(`+${k.length},${v.length}:`), k, Buffer.from("->"), v, Buffer.from("\n")];
  });
  return Buffer.concat([...lines, Buffer.from("\n")]);
}

function madeByTinycdb(entries: readonly CdbEntry[], ...flags: string[]): Buffer {
  execFileSync(TINYCDB, ["-c", ...flags, "-t", at("tiny.tmp"), at("tiny.cdb")], {
    input: cdbmake(entries),
    stdio: ["pipe", "pipe", "ignore"],
  });
  return readFileSync(at("tiny.cdb"));
}

function php(code: string, input: unknown): string {
  writeFileSync(at("input.json"), JSON.stringify(input));
  const prelude = `$in = json_decode(file_get_contents($argv[1]), true); `;
  return execFileSync("php", ["-r", prelude + code, at("input.json")], { encoding: "utf8" });
}

/** Pseudo-random, so that a failure can be repeated. */
function randomEntries(count: number, seed: number): CdbEntry[] {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const letters = ["a", "b", "é", "☃", "😀", " ", "0", "/", "\0", "\n"];
  const text = (length: number): string =>
    Array.from({ length }, () => letters[next(letters.length)]).join("");
  return Array.from({ length: count }, () => [text(next(9)), text(next(40))]);
}

const bytes = fc.uint8Array({ maxLength: 20 }).map((data) => Buffer.from(data));
const key = fc.oneof(
  bytes,
  fc.constantFrom("", "one", "ad V-F}", "c1351").map((text) => Buffer.from(text)),
);
const entryLists = fc.array(fc.tuple(key, bytes), { maxLength: 40 });

describe.skipIf(!haveTinycdb)(
  `tinycdb${haveTinycdb ? "" : " (NOT RUN: needs the Debian package tinycdb)"}`,
  () => {
    test.each([0, 1, 10, 1000, 20_000])(
      "writes the same bytes for %d random records with duplicates (cdb case 7)",
      async (count) => {
        const entries = randomEntries(count, 42 + count);
        const expected = madeByTinycdb(entries);
        expect(encodeCdb(entries).equals(expected)).toBe(true);
        expect(madeByTinycdb(entries, "-w").equals(expected)).toBe(true);
        await buildCdb(at("ours.cdb"), entries);
        expect(readFileSync(at("ours.cdb")).equals(expected)).toBe(true);
        await makeCdb(at("ours.cdb"), [cdbmake(entries)], { format: "cdbmake" });
        expect(readFileSync(at("ours.cdb")).equals(expected)).toBe(true);
      },
    );

    test("writes the same bytes when hashes are 0 (cdb case 9) (cdb W1)", () => {
      const entries: CdbEntry[] = [
        ["ad V-F}", "zero"],
        ["c1351", "collide"],
      ];
      expect(encodeCdb(entries).equals(madeByTinycdb(entries))).toBe(true);
    });

    test("reads our files: query, dump, list and statistics", async () => {
      const entries = randomEntries(500, 7).filter(([k]) => k !== "" && !String(k).includes("\0"));
      await buildCdb(at("ours.cdb"), entries);
      const cdb = (...args: string[]): Buffer => execFileSync(TINYCDB, args);
      expect(cdb("-d", at("ours.cdb")).equals(cdbmake(entries))).toBe(true);
      const list = cdbmake(entries.map(([k]) => [k, ""]))
        .toString()
        .replaceAll(/,0:/g, ":")
        .replaceAll("->\n", "\n");
      expect(cdb("-l", at("ours.cdb")).toString()).toBe(list);
      expect(cdb("-s", at("ours.cdb")).toString()).toContain(`number of records: ${entries.length}`);
      const reader = openCdb(at("ours.cdb"));
      for (const [k] of entries.slice(0, 20)) {
        expect(cdb("-q", "-n", "1", at("ours.cdb"), String(k)).equals(reader.get(k) ?? Buffer.alloc(0))).toBe(
          true,
        );
        expect(cdb("-q", at("ours.cdb"), String(k)).equals(Buffer.concat(reader.getAll(k)))).toBe(true);
      }
      reader.close();
    });

    test("agrees on any records, and each side reads the other's text and files", { timeout: 60_000 }, () => {
      fc.assert(
        fc.property(entryLists, (entries) => {
          const theirs = madeByTinycdb(entries);
          expect(encodeCdb(entries).equals(theirs)).toBe(true);
          const reader = readCdb(theirs);
          expect([...reader]).toEqual(entries);
          expect(reader.verify()).toEqual({ isValid: true, records: entries.length, problems: [] });
          let dump = Buffer.alloc(0);
          dumpCdb(reader, (piece, length) => (dump = Buffer.concat([dump, piece.subarray(0, length)])), {
            format: "cdbmake",
          });
          expect(dump.equals(execFileSync(TINYCDB, ["-d", at("tiny.cdb")]))).toBe(true);
        }),
        { numRuns: 60 },
      );
    });
  },
);

describe.skipIf(!havePhp)(
  `PHP${havePhp ? "" : " (NOT RUN: needs the Debian packages php-cli and php8.2-dba)"}`,
  () => {
    const ascii = (count: number): [string, string][] =>
      randomEntries(count, 3)
        .map(([k, v]): [string, string] => [String(k), String(v)])
        .filter(([k]) => k !== "");

    test("writes the same bytes with cdb_make", () => {
      const entries = ascii(2000);
      php(
        `$db = dba_open("${at("php.cdb")}", "n", "cdb_make"); foreach ($in as [$k, $v]) dba_insert($k, $v, $db); dba_close($db);`,
        entries,
      );
      const theirs = readFileSync(at("php.cdb"));
      expect(encodeCdb(entries).equals(theirs)).toBe(true);
      expect([...readCdb(theirs).textEntries()]).toEqual(entries);
    });

    test("finds every first value in our file", async () => {
      const entries = ascii(2000);
      await buildCdb(at("ours.cdb"), entries);
      const code = `$db = dba_open("${at("ours.cdb")}", "r", "cdb"); echo json_encode(array_map(fn($e) => dba_fetch($e[0], $db), $in));`;
      const reader = openCdb(at("ours.cdb"));
      expect(JSON.parse(php(code, entries))).toEqual(entries.map(([k]) => reader.getText(k)));
      reader.close();
    });
  },
);
