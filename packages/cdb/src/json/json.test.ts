import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CdbEntry, type CdbError, cdbFromJson, encodeCdb, readCdb, writeCdbJson } from "../index.ts";

function toJson(cdb: Uint8Array, duplicates: string[] = []): string {
  let text = "";
  const write = (bytes: Buffer, length: number): void => {
    text += bytes.toString("latin1", 0, length);
  };
  writeCdbJson(readCdb(cdb, "x.cdb"), write, { onDuplicate: (key) => duplicates.push(String(key)) });
  return text;
}

const entriesOf = (json: string | Buffer): [string, string][] => [
  ...readCdb(cdbFromJson(Buffer.from(json))).textEntries(),
];

const EXAMPLE: CdbEntry[] = [
  ["b/x", 's:3:"a/b";'],
  ["a", "é☃😀\u007f<>&'\"\\\n\r\t\b\f\u0000\u001f"],
  ["dup", "1"],
  ["z", ""],
  ["dup", "2"],
];

describe("writeCdbJson", () => {
  test("writes the known form, keeps the first of duplicate keys and reports the others (cdb case 14)", () => {
    const duplicates: string[] = [];
    expect(toJson(encodeCdb(EXAMPLE), duplicates)).toBe(
      String.raw`{"b\/x":"s:3:\"a\/b\";",
"a":"\u00e9\u2603\ud83d\ude00\u007f<>&'\"\\\n\r\t\b\f\u0000\u001f",
"dup":"1",
"z":""}`,
    );
    expect(duplicates).toEqual(["dup"]);
  });

  test("writes an empty database as {} (cdb case 15)", () => {
    expect(toJson(encodeCdb([]))).toBe("{}");
  });

  test("writes each character as the form says, and reads it back", () => {
    const characters = Array.from({ length: 0x11_0000 }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .filter((code) => code < 0x3100 || code % 0x3f === 0 || (code & 0xffff) > 0xfff0)
      .map((code) => String.fromCodePoint(code));
    const short = new Map(
      '"\\/\b\f\n\r\t'.split("").map((character, n) => [character, `\\${'"\\/bfnrt'[n] ?? ""}`]),
    );
    const unit = (text: string): string => `\\u${text.charCodeAt(0).toString(16).padStart(4, "0")}`;
    const escaped = (character: string): string =>
      short.get(character) ??
      (/^[ -~]$/.test(character) ? character : character.split("").map(unit).join(""));
    // Alone, and between others: the two ways through the code.
    const entries = characters.map((character): CdbEntry => [character, `abc${character}x`.repeat(3)]);
    const lines = characters.map(
      (character) => `"${escaped(character)}":"${`abc${escaped(character)}x`.repeat(3)}"`,
    );
    const cdb = encodeCdb(entries);
    const json = toJson(cdb);
    expect(json === `{${lines.join(",\n")}}`).toBe(true);
    expect(cdbFromJson(Buffer.from(json)).equals(cdb)).toBe(true);
  });

  test("takes different keys with equal hashes for what they are", () => {
    // Both have the hash of "b" followed by the same: 33 * 0x61 ^ x == 33 * 0x62 ^ y.
    const keys = ["ab", Buffer.from([0x62, (33 * 0x61) & 0xff]).toString("latin1")];
    const entries = keys.map((key): CdbEntry => [key, key]);
    expect(entriesOf(toJson(encodeCdb(entries))).length).toBe(2);
  });

  test.each([
    ["key", [Buffer.from([0x61, 0xc3]), "v"] as const, 2057],
    ["value of the key", ["k", Buffer.from([0x61, 0xed, 0xa0, 0x80])] as const, 2058],
  ])("names a %s that is not UTF-8 and its offset", (what, entry, offset) => {
    const wrong = expect.objectContaining({
      code: "CDB_TEXT",
      path: "x.cdb",
      offset,
      message: expect.stringContaining(what),
    });
    expect(() => toJson(encodeCdb([entry]))).toThrow(wrong);
  });
});

describe("cdbFromJson", () => {
  test("keeps the order of integer-like names (cdb case 20)", () => {
    const cdb = cdbFromJson(Buffer.from('{"10":"a","9":"b","x":"c"}'));
    expect(createHash("md5").update(cdb).digest("hex")).toBe("ea6141e64912f91c064eefd27d3ef967");
  });

  test("takes __proto__ as a name like any other (cdb case 21)", () => {
    expect(entriesOf('{"__proto__":"x","constructor":"y"}')).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  test("takes the last value of a name that comes twice, in its first place (cdb case 22)", () => {
    expect(entriesOf('{"a":"1","b":"3","a":"2"}')).toEqual([
      ["a", "2"],
      ["b", "3"],
    ]);
    expect(entriesOf('{"":"1","":""}')).toEqual([["", ""]]);
  });

  test("takes white space, every escape and raw UTF-8", () => {
    const json = ' {\n\t"\\u0041\\"\\\\\\/\\b\\f\\n\\r\\t" : "é😀\\uD83D\\uDE00\\u00e9\\u20AC" ,\r"":""} \n';
    expect(entriesOf(json)).toEqual(Object.entries(JSON.parse(json)));
    expect(entriesOf("{}")).toEqual([]);
  });

  test.each([
    ['{"a":1}', 5, "a string as the value"],
    ['{"a":{"b":"c"}}', 5, "a string as the value"],
    ['{"a":null}', 5, "a string as the value"],
    ['["a"]', 0, "an object"],
    ["null", 0, "an object"],
    ["", 0, "found the end of the text"],
    ['{"a":"b"} x', 10, "the end of the text"],
    ['{"a":"b"}{}', 9, "the end of the text"],
    ['\ufeff{"a":"b"}', 0, "byte order mark"],
    ['{"a":"b', 7, "in the middle of a string"],
    ['{"a":"b\\', 8, "in the middle of a string"],
    ['{"a":"b\\u12', 7, "no such escape"],
    ['{"a":"\\x"}', 6, "no such escape"],
    ['{"a":"\\u12g4"}', 6, "no such escape"],
    ['{"a":"b",}', 9, "a name in quotes"],
    ['{,"a":"b"}', 1, "a name in quotes"],
    ['{"a" "b"}', 5, "a colon"],
    ['{"a":"b" "c":"d"}', 9, "a comma or the end"],
    ["{a:1}", 1, "a name in quotes"],
    ['{"a":"\n"}', 6, "control character 0x0a"],
    ['{"a":"\\ud800"}', 6, "lone surrogate \\ud800"],
    ['{"a":"\\ud800\\u0041"}', 6, "lone surrogate \\ud800"],
    ['{"a":"\\udc00"}', 6, "lone surrogate \\udc00"],
  ])("refuses %j with its place (cdb case 23)", (json, offset, message) => {
    expect(() => cdbFromJson(Buffer.from(json), "x.json")).toThrow(
      expect.objectContaining({
        code: "CDB_INPUT",
        path: "x.json",
        offset,
        message: expect.stringContaining(message),
      }),
    );
  });

  test.each(["ff", "c080", "c3", "e28228", "eda080", "f4908080", "f0808080", "80"])(
    "refuses the bytes %s",
    (hex) => {
      const json = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(hex, "hex"), Buffer.from('"}')]);
      expect(() => cdbFromJson(json)).toThrow("is not UTF-8");
    },
  );

  test("refuses a good text cut anywhere", () => {
    const short = Array.from({ length: 200 }, (_, n) => `{"${"k".repeat(n % 14)}":"${"v".repeat(n / 14)}"}`);
    for (const json of [toJson(encodeCdb(EXAMPLE)), ...short]) {
      for (let end = 0; end < json.length; end++) {
        expect(() => cdbFromJson(Buffer.from(json.slice(0, end)))).toThrow(
          expect.objectContaining({ code: "CDB_INPUT" }),
        );
      }
    }
  });

  test("accepts and refuses what JSON.parse does, with the same content", { timeout: 60_000 }, () => {
    const piece = fc.constantFrom(
      '"',
      '"',
      "\\",
      "\\u",
      "d83d",
      "\\ude00",
      "/",
      "n",
      "{",
      "}",
      ":",
      ",",
      " ",
      "a",
      "é",
      "1",
      "\n",
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, (name, value) => {
        const json = `{"${name}":"${value}"}`;
        expect(readHere(json)).toEqual(readByParser(json));
      }),
      { numRuns: 10_000 },
    );
  });
});

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function readHere(json: string): [string, string][] | string {
  try {
    return entriesOf(json).toSorted(byName);
  } catch (error) {
    return (error as CdbError).code;
  }
}

/** JSON.parse sorts integer-like names, and lets through what is no text. */
function readByParser(json: string): [string, unknown][] | string {
  try {
    const entries: [string, unknown][] = Object.entries(JSON.parse(json));
    const isText = (part: unknown): boolean => typeof part === "string" && !/\p{Surrogate}/u.test(part);
    return entries.flat().every(isText) ? entries.toSorted(byName) : "CDB_INPUT";
  } catch {
    return "CDB_INPUT";
  }
}

test("a database and its JSON text turn into each other", { timeout: 60_000 }, () => {
  const pair = fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
  const entries = fc.uniqueArray(pair, { selector: ([key]) => key });
  fc.assert(
    fc.property(entries, (list) => {
      const cdb = encodeCdb(list);
      const json = toJson(cdb);
      expect(Object.keys(JSON.parse(json)).length).toBe(list.length);
      expect(cdbFromJson(Buffer.from(json)).equals(cdb)).toBe(true);
    }),
  );
});
