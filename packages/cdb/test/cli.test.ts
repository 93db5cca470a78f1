import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CdbEntry, encodeCdb } from "../src/index.ts";
import { CDB, cdb, run } from "./run-cdb.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdb-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  writeFileSync(at("a.cdb"), encodeCdb(ENTRIES));
});

const at = (name: string): string => join(folder, name);
const ENTRIES: CdbEntry[] = [
  ["one", "Hello"],
  ["tab\t\\", "line\nfeed"],
  ["bytes", Buffer.from([0xff, 0x00])],
  ["one", "second"],
];
const CDBMAKE = Buffer.concat([
  Buffer.from("+3,5:one->Hello\n+5,9:tab\t\\->line\nfeed\n+5,2:bytes->"),
  Buffer.from([0xff, 0x00]),
  Buffer.from("\n+3,6:one->second\n\n"),
]);

describe("cdb make and cdb dump", () => {
  test.each(["cdbmake", "ndjson", "tsv"])("carry every byte through %s", async (format) => {
    const { stdout } = await run(
      "sh",
      [
        "-c",
        `node "${CDB}" dump a.cdb --format ${format} > text && node "${CDB}" make b.cdb --format ${format} < text && cmp a.cdb b.cdb && echo same`,
      ],
      "",
      folder,
    );
    expect(stdout).toBe("same\n");
  });

  test("write the known forms", async () => {
    writeFileSync(
      at("a.cdb"),
      encodeCdb([
        ["one", "Hello"],
        ["t\t", Buffer.from([0xff])],
      ]),
    );
    expect((await cdb(["dump", at("a.cdb"), "--format", "ndjson"])).stdout).toBe(
      '{"key":"one","value":"Hello"}\n{"key":"t\\t","valueBase64":"/w=="}\n',
    );
    writeFileSync(
      at("a.cdb"),
      encodeCdb([
        ["o/e", "é"],
        ["t\t", "\n\\"],
      ]),
    );
    expect((await cdb(["dump", at("a.cdb"), "--format", "tsv"])).stdout).toBe("o/e\té\nt\\t\t\\n\\\\\n");
    expect((await cdb(["dump", at("a.cdb"), "--format", "json"])).stdout).toBe(
      '{"o\\/e":"\\u00e9",\n"t\\t":"\\n\\\\"}',
    );
  });

  test("make reads a pipe, a named file and -, and prints JSON", async () => {
    expect(await cdb(["make", at("b.cdb"), "--json"], CDBMAKE)).toEqual({
      code: 0,
      stdout: `{"path":"${at("b.cdb")}","records":4,"sizeBytes":${encodeCdb(ENTRIES).length}}\n`,
      stderr: "",
    });
    writeFileSync(at("in"), CDBMAKE);
    expect((await cdb(["make", at("c.cdb"), at("in"), "--no-flush"])).code).toBe(0);
    expect((await cdb(["make", at("d.cdb"), "-"], CDBMAKE)).code).toBe(0);
    for (const name of ["b.cdb", "c.cdb", "d.cdb"])
      expect(readFileSync(at(name)).equals(encodeCdb(ENTRIES))).toBe(true);
  });

  test("make reads JSON in the order of the text", async () => {
    await cdb(["make", at("b.cdb"), "--format", "json"], '{"10":"a","9":"b","x":"c"}');
    expect((await cdb(["keys", at("b.cdb")])).stdout).toBe("10\n9\nx\n");
  });

  test("records larger than the buffers pass through text", async () => {
    const big: CdbEntry[] = [
      ["k".repeat(400_000), "v".repeat(3_000_000)],
      ["a", "b"],
    ];
    writeFileSync(at("big.cdb"), encodeCdb(big));
    for (const format of ["cdbmake", "ndjson", "tsv", "json"]) {
      const { stdout } = await cdb(["dump", at("big.cdb"), "--format", format]);
      await cdb(["make", at("b.cdb"), "--format", format], stdout);
      expect(readFileSync(at("b.cdb")).equals(encodeCdb(big))).toBe(true);
    }
  });

  test.each([
    ["cdbmake", "+3,5:one->Hello\n", "standard input, offset 16: the text ends before the empty line"],
    ["cdbmake", "", "offset 0: the text ends before the empty line"],
    ["cdbmake", "+3,5:one->Hello\n\nx", "offset 17: text follows the empty line"],
    [
      "cdbmake",
      "+3,5:one->Hello, world\n\n",
      "offset 15: expected the end of the line after a value of 5 bytes",
    ],
    ["cdbmake", "+2,5:one->Hello\n\n", 'offset 7: expected "->" after a key of 2 bytes'],
    ["cdbmake", "+,5:one->Hello\n\n", "offset 0: the length of the key is wrong"],
    ["cdbmake", "+3,x:one->Hello\n\n", "offset 0: the length of the value is wrong"],
    ["cdbmake", "+3,99999999999:one->Hello\n\n", "offset 0: the length of the value is wrong"],
    ["cdbmake", "+3,5:one->Hello\n-", 'offset 16: expected "+" at the start of a record'],
    ["tsv", "a\tb\nno tab\n", "offset 4: expected a tab"],
    ["tsv", "a\tb\tc\n", "offset 3: a second tab"],
    ["tsv", "a\\x\tb\n", "offset 1: a backslash must be followed by"],
    ["ndjson", '{"key":"a","value":"b"}\n{"key":"a"}\n', 'offset 24: the line has no "value"'],
    ["ndjson", '{"key":1,"value":"b"}\n', "offset 0: the key must be text or bytes, not the number 1"],
    ["ndjson", '{"key":"a","valueBase64":"?"}\n', "offset 0: valueBase64 is not base64"],
    ["ndjson", "[]\n", "offset 0: the line is no JSON object"],
    ["ndjson", "{\n", "offset 0: the line is no JSON object"],
    ["json", '{"a":1}', "offset 5: expected a string as the value"],
  ])("make of bad %s text %j keeps the old file", async (format, text, message) => {
    const before = readFileSync(at("a.cdb"));
    const { code, stderr } = await cdb(["make", at("a.cdb"), "--format", format], text);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(readFileSync(at("a.cdb")).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(["a.cdb"]);
  });

  test("dump ends quietly when its reader does", async () => {
    writeFileSync(
      at("large.cdb"),
      encodeCdb(Array.from({ length: 50_000 }, (_, n) => [`${n}`, "v".repeat(50)])),
    );
    const script = `{ node "${CDB}" dump large.cdb; echo "exit $?" >&2; } | head -1`;
    expect(await run("bash", ["-c", script], "", folder)).toEqual({
      code: 0,
      stdout: `+1,50:0->${"v".repeat(50)}\n`,
      stderr: "exit 0\n",
    });
  });
});

describe("cdb get", () => {
  test("prints the first value, all of them, or the bytes", async () => {
    expect(await cdb(["get", at("a.cdb"), "one"])).toEqual({ code: 0, stdout: "Hello\n", stderr: "" });
    expect((await cdb(["get", at("a.cdb"), "one", "--all"])).stdout).toBe("Hello\nsecond\n");
    expect((await cdb(["get", at("a.cdb"), "one", "--raw"])).stdout).toBe("Hello");
    expect((await cdb(["get", at("a.cdb"), "bytes", "--json"])).stdout).toBe(
      '{"key":"bytes","valueBase64":"/wA="}\n',
    );
  });

  test("exits with 1 if the key is absent and 2 if the file cannot be read", async () => {
    expect(await cdb(["get", at("a.cdb"), "none"])).toEqual({ code: 1, stdout: "", stderr: "" });
    const missing = await cdb(["get", at("none.cdb"), "one"]);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      `cdb: ${at("none.cdb")}: cannot open: no such file or directory\n`,
    ]);
  });

  test("takes keys that look like numbers, and the empty one, as they are", async () => {
    const keys = ["010", "1e3", "0x10", "true", ""];
    writeFileSync(at("a.cdb"), encodeCdb(keys.map((key): CdbEntry => [key, `<${key}>`])));
    for (const key of keys) expect((await cdb(["get", at("a.cdb"), key])).stdout).toBe(`<${key}>\n`);
  });

  test("takes a key that starts with a hyphen after --", async () => {
    writeFileSync(at("a.cdb"), encodeCdb([["--key", "v"]]));
    expect((await cdb(["get", at("a.cdb"), "--", "--key"])).stdout).toBe("v\n");
    expect((await cdb(["get", at("a.cdb")])).code).toBe(2);
  });
});

test("cdb keys prints keys in file order", async () => {
  writeFileSync(
    at("a.cdb"),
    encodeCdb([
      ["b", ""],
      ["10", ""],
      ["b", ""],
    ]),
  );
  expect((await cdb(["keys", at("a.cdb")])).stdout).toBe("b\n10\nb\n");
  expect((await cdb(["keys", at("a.cdb"), "--json"])).stdout).toBe(
    '{"key":"b"}\n{"key":"10"}\n{"key":"b"}\n',
  );
});

test("cdb stats prints numbers for people and programs", async () => {
  const { stdout } = await cdb(["stats", at("a.cdb")]);
  expect(stdout).toContain("records        4\n");
  expect(stdout).toContain("table load     0.500\n");
  expect(JSON.parse((await cdb(["stats", at("a.cdb"), "--json"])).stdout)).toMatchObject({
    records: 4,
    keyBytes: { min: 3, max: 5, total: 16 },
    longestProbe: 1,
    tableLoad: 0.5,
  });
});

test("cdb verify names file and offset of what is wrong, and checks the other files", async () => {
  const bytes = encodeCdb(ENTRIES);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8);
  writeFileSync(at("bad.cdb"), bytes);
  writeFileSync(at("short.cdb"), "x");
  const { code, stdout, stderr } = await cdb(["verify", at("bad.cdb"), at("short.cdb"), at("a.cdb")]);
  expect([code, stdout]).toEqual([1, `${at("a.cdb")}: ok, 4 records\n`]);
  expect(stderr).toMatch(
    new RegExp(`^${at("bad.cdb")}, offset \\d+: .*\n(.*\n)*${at("short.cdb")}, offset 1: not a CDB file`),
  );
  const json = await cdb(["verify", at("short.cdb"), "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ path: at("short.cdb"), isValid: false });
});

test("cdb diff prints what differs and exits with 1, 0 or 2", async () => {
  writeFileSync(
    at("b.cdb"),
    encodeCdb([
      ["one", "Hello"],
      ["one", "other"],
      ["new", "x"],
      ["bytes", Buffer.from([0xff, 0])],
    ]),
  );
  expect(await cdb(["diff", at("a.cdb"), at("b.cdb")])).toEqual({
    code: 1,
    stdout: '~ "one"\n- "tab\\t\\\\"\n+ "new"\n',
    stderr: "",
  });
  const json = await cdb(["diff", at("a.cdb"), at("b.cdb"), "--json"]);
  expect(JSON.parse(json.stdout.split("\n")[0] ?? "")).toEqual({
    kind: "changed",
    key: "one",
    before: [{ value: "Hello" }, { value: "second" }],
    after: [{ value: "Hello" }, { value: "other" }],
  });
  expect(await cdb(["diff", at("a.cdb"), at("a.cdb")])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect((await cdb(["diff", at("a.cdb"), at("none.cdb")])).code).toBe(2);
});

describe("cdb refresh and cdb rebuild", () => {
  beforeEach(() => {
    writeFileSync(at("a.cdb"), encodeCdb([["k", "v"]]));
    writeFileSync(at("b.cdb"), encodeCdb([["k", "w"]]));
  });

  test("say what they did, and do nothing the second time", async () => {
    expect(await cdb(["refresh", folder])).toEqual({
      code: 0,
      stdout: `${folder}: 2 JSON files written\n`,
      stderr: "",
    });
    expect((await cdb(["refresh", folder])).stdout).toBe(`${folder}: 0 JSON files written (2 unchanged)\n`);
    rmSync(at("a.cdb"));
    expect((await cdb(["rebuild", folder])).stdout).toBe(`${folder}: 2 CDB files written\n`);
    expect((await cdb(["rebuild", folder])).stdout).toBe(`${folder}: 0 CDB files written (2 unchanged)\n`);
    expect((await cdb(["rebuild", folder, "--force", "--threads", "2"])).stdout).toBe(
      `${folder}: 2 CDB files written\n`,
    );
  });

  test("do the others when a file is bad, name it and exit with 1", async () => {
    await cdb(["refresh", folder]);
    writeFileSync(join(folder, "upstream", "a.cdb.json"), '{"k":');
    const { code, stdout, stderr } = await cdb(["rebuild", folder, "--force"]);
    expect([code, stdout]).toEqual([1, `${folder}: 1 CDB file written (1 failed: a.cdb)\n`]);
    expect(stderr).toBe(
      `cdb: ${join(folder, "upstream", "a.cdb.json")}, offset 5: expected a string as the value, found the end of the text\n`,
    );
    const json = JSON.parse((await cdb(["rebuild", folder, "--force", "--json"])).stdout);
    expect(json).toMatchObject({ written: ["b.cdb"], failures: [{ name: "a.cdb", code: "CDB_INPUT" }] });
  });

  test("an empty upstream folder is a warning", async () => {
    const { code, stderr } = await cdb(["rebuild", folder]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("cdb: warning: ")]);
  });
});

describe("wrong usage", () => {
  test.each([
    [["frob"], 'there is no command "frob"'],
    [["--frob"], 'no option "frob"'],
    [["dump"], "missing required args"],
    [["dump", "x", "--frmat", "json"], "Unknown option `--frmat`"],
    [["dump", "x", "--format", "xml"], 'unknown format "xml"'],
    [["rebuild", "x", "--threads", "many"], "--threads must be a whole number"],
    [["keys", "x", "y"], "Unused args"],
  ])("%j exits with 2 and says why", async (args, message) => {
    const { code, stdout, stderr } = await cdb(args);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
    expect(stderr).not.toContain("    at ");
  });

  test("help fits into 80 columns", async () => {
    const whole = (await cdb(["--help"])).stdout;
    const names = [...whole.matchAll(/^ {2}(\w+) .*[<[]/gm)].map(([, name]) => name ?? "");
    expect(names.length).toBe(9);
    const helps = await Promise.all(names.map(async (name) => (await cdb([name, "--help"])).stdout));
    const lines = [whole, ...helps].join("\n").split("\n");
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
    expect(helps.filter((help) => !help.includes("Examples:"))).toEqual([]);
  });

  test("help has examples", async () => {
    expect((await cdb(["--help"])).stdout).toContain("rebuild <dir>");
    expect((await cdb(["make", "--help"])).stdout).toContain("cdb make words.cdb words.txt");
    expect((await cdb(["--version"])).stdout).toMatch(/^cdb\/\d+\.\d+\.\d+/);
  });
});

describe("when things go wrong around it", () => {
  /** Starts a make and waits until its temporary file is there; its input never ends. */
  async function startedMake(): Promise<ReturnType<typeof spawn>> {
    const child = spawn(process.execPath, [CDB, "make", at("a.cdb")], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.stdin?.on("error", () => undefined);
    const record = `+1,100000:k->${"v".repeat(100_000)}\n`;
    while (!readdirSync(folder).some((name) => name.endsWith(".tmp"))) {
      child.stdin?.write(record);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return child;
  }

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s removes the temporary file and keeps the old file", async (signal, code) => {
    const child = await startedMake();
    child.kill(signal);
    expect(await once(child, "close")).toEqual([code, null]);
    expect(readdirSync(folder)).toEqual(["a.cdb"]);
    expect(readFileSync(at("a.cdb")).equals(encodeCdb(ENTRIES))).toBe(true);
  });

  test("after kill -9 the old file is whole, and the next run cleans up", async () => {
    const child = await startedMake();
    child.kill("SIGKILL");
    await once(child, "close");
    expect(readFileSync(at("a.cdb")).equals(encodeCdb(ENTRIES))).toBe(true);
    expect((await cdb(["make", at("a.cdb")], "\n")).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["a.cdb"]);
  });

  test("a file that becomes too large for the limits is reported and removed", async () => {
    const text = `+1,100000:k->${"v".repeat(100_000)}\n`.repeat(30);
    const script = `ulimit -f 1000; exec node "${CDB}" make a.cdb`;
    const { code, stderr } = await run("bash", ["-c", script], `${text}\n`, folder);
    expect([code, stderr]).toEqual([1, "cdb: a.cdb: cannot write: the file would be larger than allowed\n"]);
    expect(readdirSync(folder)).toEqual(["a.cdb"]);
    expect(readFileSync(at("a.cdb")).equals(encodeCdb(ENTRIES))).toBe(true);
  });

  test("a folder that cannot be written to is named", async () => {
    expect(await cdb(["make", "/proc/x.cdb"], "\n")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("/proc/x.cdb"),
    });
    mkdirSync(at("dir.cdb"));
    expect(await cdb(["make", at("dir.cdb")], "\n")).toMatchObject({
      code: 1,
      stderr: `cdb: ${at("dir.cdb")}: cannot write: is a directory\n`,
    });
    expect(await cdb(["get", at("dir.cdb"), "x"])).toMatchObject({
      code: 2,
      stderr: `cdb: ${at("dir.cdb")}: cannot read: is a directory\n`,
    });
  });
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(!isRoot && process.env["CI"] === undefined)(
  `a full disk${isRoot ? "" : " (NOT RUN: needs root, to mount a small file system)"}`,
  () => {
    test("fails with the reason, and leaves the old file and no temporary one", async () => {
      mkdirSync(at("small"));
      expect((await run("mount", ["-t", "tmpfs", "-o", "size=1m", "none", at("small")])).code).toBe(0);
      try {
        writeFileSync(join(at("small"), "a.cdb"), encodeCdb(ENTRIES));
        const text = `+1,100000:k->${"v".repeat(100_000)}\n`.repeat(30);
        const { code, stderr } = await cdb(["make", join(at("small"), "a.cdb")], `${text}\n`);
        expect([code, stderr]).toEqual([
          1,
          `cdb: ${at("small")}/a.cdb: cannot write: no space left on the disk\n`,
        ]);
        expect(readdirSync(at("small"))).toEqual(["a.cdb"]);
      } finally {
        await run("umount", [at("small")]);
      }
    });
  },
);
