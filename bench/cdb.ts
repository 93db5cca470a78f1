import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomNumbers, writeCdbmakeText, writeL10nCache } from "./cdb/corpus.ts";
import { cLookups, ourLookups, phpLookups } from "./cdb/lookups.ts";
import { isInstalled, medians, outputOf, wallMs } from "./cdb/measure.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const RECORDS = 1_000_000;
const L10N_FILES = 400;
const L10N_JSON_BYTES = 1_200_000;
/** Not by PATH: under npm the first `cdb` there is ours. */
const TINYCDB = "/usr/bin/cdb";
const CDB = fileURLToPath(new URL("../packages/cdb/bin/cdb.js", import.meta.url));
/** Prints the largest memory that the process had, in kilobytes. */
const PRINT_MEMORY =
  'data:text/javascript,process.on("exit",()=>console.error(process.resourceUsage().maxRSS))';

interface Row {
  readonly work: string;
  readonly ours: string;
  readonly peer: string;
  readonly result: string;
  readonly goal: string;
}

/** `npm run bench -- cdb`: CDB files against tinycdb, libcdb and PHP. The build must be fresh. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-cdb-"));
  try {
    const rows = [...makeAndDump(folder), ...lookups(folder), ...l10n(join(folder, "l10n"))];
    console.table(Object.fromEntries(rows.map(({ work, ...row }) => [work, row])));
    console.log(`medians of ${ROUNDS} paired runs; node ${process.version}; files in ${tmpdir()}`);
    const python = ["cdblib", "cdb"].filter((name) => isInstalled("python3", "-c", `import ${name}`));
    console.log(`Python implementations installed: ${python.join(", ") || "none, so not compared"}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeAndDump(folder: string): Row[] {
  const [text, theirs, ours] = ["in.txt", "theirs.cdb", "ours.cdb"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const keys = writeCdbmakeText(text, RECORDS);
  writeFileSync(join(folder, "keys.txt"), `${shuffled(keys).join("\n")}\n`);
  const [tinyMake = 0, make = 0, unflushed = 0] = medians(ROUNDS, [
    () => wallMs(TINYCDB, ["-c", theirs], { stdin: text }),
    () => wallMs(process.execPath, [CDB, "make", ours], { stdin: text }),
    () => wallMs(process.execPath, [CDB, "make", ours, "--no-flush"], { stdin: text }),
  ]);
  if (!readFileSync(theirs).equals(readFileSync(ours))) throw new Error("the files differ");
  const [tinyDump = 0, dump = 0] = medians(ROUNDS, [
    () => wallMs(TINYCDB, ["-d", theirs], { stdout: "/dev/null" }),
    () => wallMs(process.execPath, [CDB, "dump", ours], { stdout: "/dev/null" }),
  ]);
  return [
    ratioRow("make, flushed to the disk (tinycdb does not)", make, tinyMake, "ms", "<= 1.0x tinycdb"),
    ratioRow("make --no-flush", unflushed, tinyMake, "ms", "<= 1.0x tinycdb"),
    ratioRow("dump", dump, tinyDump, "ms", "<= 1.5x tinycdb"),
  ];
}

function lookups(folder: string): Row[] {
  const [cdb, keysPath] = [join(folder, "theirs.cdb"), join(folder, "keys.txt")];
  const keys = readFileSync(keysPath, "utf8").trimEnd().split("\n");
  const bytes = keys.map((key) => Buffer.from(key));
  const [c = 0, php = 0, ours = 0, text = 0] = medians(ROUNDS, [
    cLookups(folder, cdb, keysPath),
    phpLookups(cdb, keysPath),
    ourLookups(cdb, bytes),
    ourLookups(cdb, keys),
  ]);
  return [
    ratioRow("lookup, key in bytes", ours, c, "ns", "<= 1.9x libcdb"),
    ratioRow("lookup, key as text", text, c, "ns", "<= 1.9x libcdb"),
    ratioRow("lookup, key in bytes", ours, php, "ns", "<= 0.15x PHP"),
  ];
}

function l10n(directory: string): Row[] {
  writeL10nCache(directory, L10N_FILES, L10N_JSON_BYTES);
  const upstream = join(directory, "upstream");
  const rounds = Math.min(ROUNDS, 5);
  const cdbRun = (command: string) => wallMs(process.execPath, [CDB, command, directory, "--threads", "2"]);
  const [refresh = 0, rebuild = 0, noop = 0, start = 0] = medians(rounds, [
    () => {
      rmSync(upstream, { recursive: true, force: true });
      return cdbRun("refresh");
    },
    () => {
      for (const name of readdirSync(directory)) if (name.endsWith(".cdb")) rmSync(join(directory, name));
      return cdbRun("rebuild");
    },
    () => cdbRun("rebuild"),
    () => wallMs(process.execPath, ["-e", "0"]),
  ]);
  const jsonBytes = readdirSync(upstream).reduce(
    (sum, name) => sum + (name.endsWith(".json") ? statSync(join(upstream, name)).size : 0),
    0,
  );
  const megabytes = `${(jsonBytes / 1e6).toFixed(0)} MB in ${L10N_FILES} JSON files`;
  const speed = (elapsedMs: number): string => `${(jsonBytes / 1e3 / elapsedMs).toFixed(0)} MB/s`;
  const memory = peakMemory(["rebuild", directory, "--force", "--threads", "2"]);
  return [
    {
      work: `rebuild ${megabytes}, 2 threads`,
      ours: ms(rebuild),
      peer: "",
      result: speed(rebuild),
      goal: ">= 400 MB/s",
    },
    { work: "memory of that", ours: "", peer: "", result: `${memory.toFixed(0)} MB`, goal: "< 400 MB" },
    { work: "refresh of the same", ours: ms(refresh), peer: "", result: speed(refresh), goal: ">= 550 MB/s" },
    {
      work: "rebuild with nothing to do",
      ours: ms(noop),
      peer: `node ${ms(start)}`,
      result: ms(noop - start),
      goal: "< 100 ms over node",
    },
  ];
}

function peakMemory(args: readonly string[]): number {
  const script = `exec "$@" 2>&1 >/dev/null`;
  return (
    Number(outputOf("sh", ["-c", script, "sh", process.execPath, `--import=${PRINT_MEMORY}`, CDB, ...args])) /
    1024
  );
}

function ratioRow(work: string, ours: number, peer: number, unit: string, goal: string): Row {
  const show = (value: number): string => `${value.toFixed(0)} ${unit}`;
  const name = goal.split(" ").at(-1) ?? "";
  return {
    work: `${work} (${name})`,
    ours: show(ours),
    peer: show(peer),
    result: `${(ours / peer).toFixed(2)}x`,
    goal,
  };
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function shuffled(keys: readonly string[]): string[] {
  const below = randomNumbers(99);
  const result = [...keys];
  for (let at = result.length - 1; at > 0; at--) {
    const other = below(at + 1);
    [result[at], result[other]] = [result[other] ?? "", result[at] ?? ""];
  }
  return result;
}
