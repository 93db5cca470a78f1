import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CdbEntry,
  encodeCdb,
  type L10nEvent,
  type RebuildOptions,
  rebuildCdbDirectory,
  refreshCdbDirectory,
} from "../src/index.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cdb-l10n-[x]*"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const md5 = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("hex");
const at = (...parts: string[]): string => join(directory, ...parts);
const cdbPath = (lang: string): string => at(`l10n_cache-${lang}.cdb`);
const jsonPath = (lang: string): string => at("upstream", `l10n_cache-${lang}.cdb.json`);
const md5Path = (lang: string): string => at("upstream", `l10n_cache-${lang}.cdb.MD5`);
const name = (lang: string): string => `l10n_cache-${lang}.cdb`;
const refresh = (more: { prune?: boolean } = {}) => refreshCdbDirectory({ directory, threads: 1, ...more });
const rebuild = (more: Partial<RebuildOptions> = {}) =>
  rebuildCdbDirectory({ directory, threads: 1, ...more });
const inode = (path: string): number => statSync(path).ino;
const temporaryFiles = (): string[] =>
  [...readdirSync(directory), ...readdirSync(at("upstream"))].filter((file) => file.endsWith(".tmp"));

const LARGE = Array.from({ length: 2000 }, (_, n): CdbEntry => [`message ${n}`, `é${n}`.repeat(15)]);

function writeCdb(lang: string, entries: CdbEntry[] = [["k", lang]]): void {
  writeFileSync(cdbPath(lang), encodeCdb(entries));
}

/** A JSON text with the MD5 file that belongs to it. */
function writeUpstream(lang: string, json: string, cdb: Buffer): void {
  mkdirSync(at("upstream"), { recursive: true });
  writeFileSync(jsonPath(lang), json);
  writeFileSync(md5Path(lang), md5(cdb));
}

async function prepare(...langs: string[]): Promise<void> {
  for (const lang of langs) writeCdb(lang);
  await removeCdbs(langs);
}

/** Enough for worker threads to be started. */
async function prepareLarge(...langs: string[]): Promise<void> {
  for (const lang of langs) writeCdb(lang, [["k", lang], ...LARGE]);
  await removeCdbs(langs);
}

async function removeCdbs(langs: string[]): Promise<void> {
  await refresh();
  for (const lang of langs) rmSync(cdbPath(lang));
}

describe("refreshCdbDirectory", () => {
  test("writes the JSON text and the MD5 of the CDB file without a line feed (cdb cases 15 and 16)", async () => {
    writeCdb("en", [["k", "v"]]);
    writeCdb("empty", []);
    expect(await refresh()).toMatchObject({
      written: [name("empty"), name("en")],
      failures: [],
      warnings: [],
    });
    expect(readFileSync(jsonPath("en"), "utf8")).toBe('{"k":"v"}');
    expect(readFileSync(md5Path("en"), "utf8")).toBe("3fbd80e44f0651ab11f67c372a26b7c3");
    expect(readFileSync(jsonPath("empty"), "utf8")).toBe("{}");
    expect(readFileSync(md5Path("empty"), "utf8")).toBe("a646d6b87720195feb973de130b10123");
    expect(temporaryFiles()).toEqual([]);
  });

  test("writes nothing the second time, and then only what has changed (cdb cases 17 and 18)", async () => {
    writeCdb("en");
    writeCdb("de");
    await refresh();
    expect((await refresh()).written).toEqual([]);
    const untouched = [inode(jsonPath("de")), inode(md5Path("de"))];
    const before = readFileSync(md5Path("en"), "utf8");
    writeCdb("en", [["k", "new"]]);
    expect((await refresh()).written).toEqual([name("en")]);
    expect(readFileSync(jsonPath("en"), "utf8")).toBe('{"k":"new"}');
    expect(readFileSync(md5Path("en"), "utf8")).not.toBe(before);
    expect([inode(jsonPath("de")), inode(md5Path("de"))]).toEqual(untouched);
  });

  test("takes an MD5 file with a line feed at its end as equal (cdb case 19)", async () => {
    writeCdb("en");
    await refresh();
    writeFileSync(md5Path("en"), `${readFileSync(md5Path("en"), "utf8")}\n`);
    expect((await refresh()).unchanged).toEqual([name("en")]);
  });

  test.each(["", '{"k":"v"'])(
    "does not trust the MD5 file if the JSON text is %j or missing (cdb W13)",
    async (json) => {
      writeCdb("en");
      await refresh();
      const good = readFileSync(jsonPath("en"), "utf8");
      writeFileSync(jsonPath("en"), json);
      expect((await refresh()).written).toEqual([name("en")]);
      expect(readFileSync(jsonPath("en"), "utf8")).toBe(good);
      rmSync(jsonPath("en"));
      expect((await refresh()).written).toEqual([name("en")]);
    },
  );

  test("does the others when files are damaged or not UTF-8, and leaves no temporary file (cdb W6) (cdb W7)", async () => {
    writeCdb("good");
    writeCdb("bytes", [["key", Buffer.from([0xff])]]);
    writeFileSync(cdbPath("short"), "too small");
    writeFileSync(cdbPath("cut"), encodeCdb([["one", "x"]]).fill(0, 129 * 8, 130 * 8));
    const result = await refresh();
    expect(result.written).toEqual([name("cut"), name("good")]);
    expect(result.failures.map((failure) => failure.error.message)).toEqual([
      `${cdbPath("bytes")}, offset 2059: the value of the key "key" is not UTF-8, which JSON cannot carry`,
      `${cdbPath("short")}, offset 9: not a CDB file: 9 bytes, and the index alone has 2048`,
    ]);
    expect(temporaryFiles()).toEqual([]);
  });

  test("warns of duplicate keys and keeps the first value (cdb W5)", async () => {
    writeCdb("en", [
      ["dup", "1"],
      ["dup", "2"],
    ]);
    expect((await refresh()).warnings).toEqual([
      `${cdbPath("en")}: the key "dup" comes more than once; only its first value is kept`,
    ]);
    expect(readFileSync(jsonPath("en"), "utf8")).toBe('{"dup":"1"}');
  });

  test("ignores hidden files, directories and other names (cdb case 35) (cdb W17)", async () => {
    mkdirSync(at("folder.cdb"));
    writeFileSync(at(".hidden.cdb"), "x");
    writeFileSync(at("notes.txt"), "x");
    expect(await refresh()).toMatchObject({ written: [], unchanged: [], failures: [] });
    expect(readdirSync(at("upstream"))).toEqual([]);
  });

  test("finds files in a directory whose name looks like a pattern, and none beside it (cdb W15)", async () => {
    const odd = at("[ab]*?{c,d}");
    for (const each of [odd, at("a"), at("ab")]) mkdirSync(each);
    for (const each of [odd, at("a")]) writeFileSync(join(each, "en.cdb"), encodeCdb([["k", each]]));
    expect(await refreshCdbDirectory({ directory: odd })).toMatchObject({
      written: ["en.cdb"],
      failures: [],
    });
    expect(readdirSync(at("a"))).toEqual(["en.cdb"]);
    expect(await rebuildCdbDirectory({ directory: odd })).toMatchObject({ failures: [] });
  });

  test("removes JSON and MD5 files of removed languages only when told to (cdb W10)", async () => {
    writeCdb("en");
    writeCdb("old");
    await refresh();
    rmSync(cdbPath("old"));
    expect((await refresh()).pruned).toEqual([]);
    expect((await refresh({ prune: true })).pruned).toEqual([`${name("old")}.json`, `${name("old")}.MD5`]);
    expect(readdirSync(at("upstream")).toSorted()).toEqual([`${name("en")}.MD5`, `${name("en")}.json`]);
  });

  test("keeps files apart that are worked on together, small ones and large ones", async () => {
    const sizes = [10, 6 << 20, 300, 7 << 20, 4 << 20, 20, 5 << 20, 70_000, 6 << 20, 0];
    const value = (size: number): string => String.fromCharCode(0x61 + (size % 26)).repeat(size);
    for (const [n, size] of sizes.entries()) writeCdb(`${n}`, [["k", value(size)]]);
    expect((await refresh()).written).toHaveLength(sizes.length);
    for (const [n, size] of sizes.entries()) {
      expect(readFileSync(jsonPath(`${n}`), "utf8") === `{"k":"${value(size)}"}`).toBe(true);
      expect(readFileSync(md5Path(`${n}`), "utf8")).toBe(md5(readFileSync(cdbPath(`${n}`))));
    }
  });

  test("fails if the directory is not there", async () => {
    await expect(refreshCdbDirectory({ directory: at("none") })).rejects.toMatchObject({ code: "CDB_IO" });
  });
});

describe("rebuildCdbDirectory", () => {
  test("makes the same bytes again, with mode 0664 and the time of the JSON file, and then nothing (cdb cases 24 and 25)", async () => {
    writeCdb("en", [
      ["ü", "☃😀"],
      ["9", "x"],
      ["10", "y"],
    ]);
    const before = readFileSync(cdbPath("en"));
    await refresh();
    rmSync(cdbPath("en"));
    const events: L10nEvent[] = [];
    const result = await rebuild({ onEvent: (event: L10nEvent) => events.push(event) });
    expect(result).toMatchObject({ written: [name("en")], failures: [], warnings: [] });
    expect(events.map(({ type }) => type)).toEqual(["started", "file"]);
    expect(readFileSync(cdbPath("en")).equals(before)).toBe(true);
    const [cdb, json] = [cdbPath("en"), jsonPath("en")].map((path) => statSync(path, { bigint: true }));
    expect(Number(cdb?.mode) & 0o777).toBe(0o664);
    expect((cdb?.mtimeNs ?? 0n) / 1000n).toBe((json?.mtimeNs ?? 1n) / 1000n);
    expect((await rebuild()).written).toEqual([]);
    expect(temporaryFiles()).toEqual([]);
  });

  test.each([5, 0.5, -0.5, 0.000_002])(
    "rebuilds when the JSON file is %d s newer (cdb case 26) (cdb W8)",
    async (seconds) => {
      await prepare("en");
      await rebuild();
      const time = statSync(jsonPath("en")).mtimeMs / 1000 + seconds;
      utimesSync(jsonPath("en"), time, time);
      expect((await rebuild()).written).toEqual([name("en")]);
      expect((await rebuild()).written).toEqual([]);
    },
  );

  test("rebuilds when a JSON file from whole seconds is touched within the second", async () => {
    await prepare("en");
    utimesSync(jsonPath("en"), 1_700_000_000, 1_700_000_000);
    await rebuild();
    utimesSync(jsonPath("en"), 1_700_000_000.5, 1_700_000_000.5);
    expect((await rebuild()).written).toEqual([name("en")]);
  });

  test("takes whole seconds as equal where the file system has no finer times", async () => {
    await prepare("en");
    await rebuild();
    const seconds = Math.floor(statSync(jsonPath("en")).mtimeMs / 1000);
    utimesSync(cdbPath("en"), seconds, seconds);
    expect((await rebuild()).unchanged).toEqual([name("en")]);
  });

  test("asks the MD5 when there is no state file, and rebuilds when the size differs from it", async () => {
    await prepare("en");
    await rebuild();
    rmSync(at("upstream", ".scap-state.json"));
    expect((await rebuild()).unchanged).toEqual([name("en")]);
    const { mtimeMs } = statSync(jsonPath("en"));
    writeFileSync(jsonPath("en"), `${readFileSync(jsonPath("en"), "utf8")}\n`);
    utimesSync(jsonPath("en"), (mtimeMs + 0.0005) / 1000, (mtimeMs + 0.0005) / 1000);
    expect((await rebuild()).written).toEqual([name("en")]);
  });

  test("lives without a state file that is damaged", async () => {
    await prepare("en");
    await rebuild();
    for (const content of ["{", "null", '{"files":[null,{"name":1}]}']) {
      writeFileSync(at("upstream", ".scap-state.json"), content);
      expect((await rebuild()).unchanged).toEqual([name("en")]);
    }
  });

  test("skips a JSON file without MD5 with a warning, and does the others (cdb case 27)", async () => {
    await prepare("en", "de");
    rmSync(md5Path("de"));
    const result = await rebuild();
    expect(result).toMatchObject({ written: [name("en")], skipped: [name("de")], failures: [] });
    expect(result.warnings).toEqual([`${jsonPath("de")} has no MD5 file: skipped`]);
  });

  test("warns of CDB and MD5 files without JSON", async () => {
    await prepare("en");
    writeCdb("gone");
    writeFileSync(md5Path("half"), "x");
    expect((await rebuild()).warnings).toEqual([
      `${cdbPath("gone")} has no JSON file in upstream: left as it is`,
      `${md5Path("half")} has no JSON file: skipped`,
    ]);
  });

  test("warns when upstream is missing, empty or has hidden files only (cdb cases 28 and 35)", async () => {
    const empty = {
      written: [],
      failures: [],
      warnings: [`${at("upstream")} is empty: there is nothing to rebuild`],
    };
    expect(await rebuild()).toMatchObject(empty);
    mkdirSync(at("upstream"));
    writeFileSync(at("upstream", ".x.json"), "{}");
    expect(await rebuild()).toMatchObject(empty);
  });

  test.each(['{"a":1}', '["a"]', "null", '{"a":"b"} x', '\ufeff{"a":"b"}', '{"a":"b', '{"a":"\\ud800"}', ""])(
    "keeps the old CDB file when the JSON text is %j, does the others and names the bad one (cdb cases 23 and 29)",
    async (json) => {
      await prepare("de", "en", "fr");
      await rebuild();
      const old = readFileSync(cdbPath("en"));
      writeFileSync(jsonPath("en"), json);
      const result = await rebuild({ force: true });
      expect(result.written).toEqual([name("de"), name("fr")]);
      expect(result.failures.map((failure) => failure.name)).toEqual([name("en")]);
      expect(result.failures[0]?.error.message).toContain(`${jsonPath("en")}, offset `);
      expect(readFileSync(cdbPath("en")).equals(old)).toBe(true);
      expect(temporaryFiles()).toEqual([]);
      expect((await rebuild()).failures.length).toBe(1);
    },
  );

  test("in MD5 mode rebuilds only CDB files whose bytes differ (cdb case 31)", async () => {
    await prepare("en");
    await rebuild();
    utimesSync(cdbPath("en"), 1, 1);
    expect((await rebuild({ trust: "md5" })).written).toEqual([]);
    const bytes = readFileSync(cdbPath("en"));
    bytes[2060] = 0x21;
    writeFileSync(cdbPath("en"), bytes);
    expect((await rebuild({ trust: "md5" })).written).toEqual([name("en")]);
  });

  test("does not install a CDB file that is not what the MD5 file says, unless told only to warn (cdb case 32) (cdb W9)", async () => {
    await prepare("en");
    await rebuild();
    const old = readFileSync(cdbPath("en"));
    writeUpstream("en", '{"k":"half"}', encodeCdb([["k", "whole"]]));
    const result = await rebuild({ force: true });
    expect(result.failures[0]?.error).toMatchObject({ code: "CDB_MD5", path: jsonPath("en") });
    expect(readFileSync(cdbPath("en")).equals(old)).toBe(true);
    const warned = await rebuild({ force: true, onMd5Mismatch: "warn" });
    expect([warned.written, warned.warnings.length]).toEqual([[name("en")], 1]);
    expect(readFileSync(cdbPath("en")).equals(encodeCdb([["k", "half"]]))).toBe(true);
  });

  test("writes CDB files with mode 0664, and JSON and MD5 files as the umask wants (cdb case 34)", async () => {
    const before = process.umask(0o077);
    try {
      await prepare("en");
      await rebuild();
    } finally {
      process.umask(before);
    }
    const modes = [cdbPath("en"), jsonPath("en"), md5Path("en")].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o664, 0o600, 0o600]);
  });

  test("removes what a killed rebuild left behind (cdb W7)", async () => {
    await prepare("en");
    writeFileSync(`${cdbPath("en")}.4194999.0123abcd.tmp`, "left behind");
    writeFileSync(`${cdbPath("en")}.tmp`, "of the original, long ago");
    utimesSync(`${cdbPath("en")}.tmp`, 1, 1);
    await rebuild();
    expect(temporaryFiles()).toEqual([]);
  });

  test("two rebuilds at once both succeed", async () => {
    await prepareLarge("a", "b", "c", "d", "e", "f");
    const results = await Promise.all([
      rebuild({ threads: 2 }),
      rebuild({ force: true }),
      rebuild({ force: true }),
    ]);
    expect(results.flatMap((result) => result.failures)).toEqual([]);
    expect(temporaryFiles()).toEqual([]);
    expect((await rebuild()).unchanged.length).toBe(6);
  });

  test("stops on the signal and leaves no temporary file", async () => {
    // More than are worked on at once.
    const langs = Array.from({ length: 20 }, (_, n) => `x${n}`);
    await prepareLarge(...langs);
    const stop = new AbortController();
    const onEvent = ({ type }: L10nEvent): void => {
      if (type === "file") stop.abort();
    };
    await expect(rebuild({ threads: 1, signal: stop.signal, onEvent })).rejects.toMatchObject({
      code: "CDB_ABORTED",
    });
    expect(temporaryFiles()).toEqual([]);
    expect(langs.filter((lang) => existsSync(cdbPath(lang))).length).toBeLessThan(langs.length);
    expect((await rebuild()).failures).toEqual([]);
  });

  test("makes files of all sizes in the same memory, one after the other", async () => {
    // Less and more than the kernel can reach, and back.
    const sizes = [1, 60_000, 7_000_000, 5_242_880, 30, 2_000_000];
    const entriesOf = (size: number): CdbEntry[] => [
      ["a", "é/".repeat(size / 8)],
      ...LARGE.slice(0, size % 7),
      ["z", "x".repeat(size / 2)],
    ];
    for (const [n, size] of sizes.entries()) writeCdb(`${n}`, entriesOf(size));
    await removeCdbs(sizes.map((_, n) => `${n}`));
    expect(await rebuild()).toMatchObject({ failures: [], warnings: [] });
    for (const [n, size] of sizes.entries())
      expect(readFileSync(cdbPath(`${n}`)).equals(encodeCdb(entriesOf(size)))).toBe(true);
  });

  test("does the others in threads too, and says what is wrong as exactly", async () => {
    await prepareLarge("a", "b", "c", "d");
    writeFileSync(jsonPath("b"), '{"a":1}');
    const result = await rebuild({ threads: 2 });
    expect(result.written).toEqual([name("a"), name("c"), name("d")]);
    expect(result.failures[0]?.error).toMatchObject({ code: "CDB_INPUT", offset: 5, path: jsonPath("b") });
    expect(readFileSync(cdbPath("d")).equals(encodeCdb([["k", "d"], ...LARGE]))).toBe(true);
  });

  test("reports files that cannot be written", async () => {
    await prepare("en");
    mkdirSync(cdbPath("en"));
    const result = await rebuild();
    expect(result.failures[0]?.error).toMatchObject({ code: "CDB_IO" });
    expect(temporaryFiles()).toEqual([]);
  });

  test("follows JSON files that are replaced by a rename", async () => {
    await prepare("en");
    await rebuild();
    writeUpstream("new", '{"k":"2"}', encodeCdb([["k", "2"]]));
    renameSync(jsonPath("new"), jsonPath("en"));
    renameSync(md5Path("new"), md5Path("en"));
    chmodSync(jsonPath("en"), 0o444);
    expect((await rebuild()).written).toEqual([name("en")]);
  });
});
