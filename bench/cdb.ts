import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomNumbers, writeCdbmakeText, writeL10nCache } from "./cdb/corpus.ts";
import { cLookups, ourBatchLookups, ourLookups, phpLookups } from "./cdb/lookups.ts";
import { type Cost, costOf, isInstalled, medianCosts, medians, outputOf } from "./cdb/measure.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const RECORDS = 1_000_000;
const L10N_FILES = 400;
const L10N_JSON_BYTES = 1_200_000;
/** Not by PATH: under npm the first `cdb` there is ours. */
const TINYCDB = "/usr/bin/cdb";
const CDB = fileURLToPath(new URL("../packages/cdb/bin/cdb.cjs", import.meta.url));
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
  const parent = memoryFolder();
  const folder = mkdtempSync(join(parent, "bench-cdb-"));
  try {
    const rows = [...makeAndDump(folder), ...lookups(folder), ...l10n(join(folder, "l10n"))];
    console.table(Object.fromEntries(rows.map(({ work, ...row }) => [work, row])));
    console.log(`medians of ${ROUNDS} paired runs; node ${process.version}; files in ${parent}`);
    const python = ["cdblib", "cdb"].filter((name) => isInstalled("python3", "-c", `import ${name}`));
    console.log(`Python implementations installed: ${python.join(", ") || "none, so not compared"}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In memory if possible: what a disk takes is the same for everybody, and hides the rest. BENCH_DIR is another place. */
function memoryFolder(): string {
  const own = process.env["BENCH_DIR"];
  if (own !== undefined) return own;
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
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
  const [tinyMake, make, tinyDump, dump, start] = medianCosts(ROUNDS, [
    () => costOf(TINYCDB, ["-c", theirs], { stdin: text }),
    () => costOf(process.execPath, [CDB, "make", ours], { stdin: text }),
    () => costOf(TINYCDB, ["-d", theirs], { stdout: "/dev/null" }),
    () => costOf(process.execPath, [CDB, "dump", ours], { stdout: "/dev/null" }),
    () => costOf(process.execPath, ["-e", "0"]),
  ]);
  if (!readFileSync(theirs).equals(readFileSync(ours))) throw new Error("the files differ");
  return [
    programRow("make", make, tinyMake, "<= 1.0x tinycdb"),
    programRow("dump", dump, tinyDump, "<= 1.5x tinycdb"),
    { work: "start of node, in all of ours", ours: shown(start), peer: "", result: "", goal: "" },
  ];
}

function lookups(folder: string): Row[] {
  const [cdb, keysPath] = [join(folder, "theirs.cdb"), join(folder, "keys.txt")];
  const keys = readFileSync(keysPath, "utf8").trimEnd().split("\n");
  const bytes = keys.map((key) => Buffer.from(key));
  const [c = 0, php = 0, ours = 0, text = 0, many = 0] = medians(ROUNDS, [
    cLookups(folder, cdb, keysPath),
    phpLookups(cdb, keysPath),
    ourLookups(cdb, bytes),
    ourLookups(cdb, keys),
    ourBatchLookups(cdb, bytes, 1000),
  ]);
  return [
    ratioRow("lookup, key in bytes", ours, c, "<= 1.9x libcdb"),
    ratioRow("lookup, key as text", text, c, "<= 1.9x libcdb"),
    ratioRow("lookup, 1000 keys in bytes at once", many, c, "<= 1.9x libcdb"),
    ratioRow("lookup, key in bytes", ours, php, "<= 0.15x PHP"),
  ];
}

function l10n(directory: string): Row[] {
  writeL10nCache(directory, L10N_FILES, L10N_JSON_BYTES);
  const upstream = join(directory, "upstream");
  const rounds = Math.min(ROUNDS, 5);
  const cdbRun = (command: string) => costOf(process.execPath, [CDB, command, directory, "--threads", "2"]);
  const [refresh, rebuild, noop, start] = medianCosts(rounds, [
    () => {
      rmSync(upstream, { recursive: true, force: true });
      return cdbRun("refresh");
    },
    () => {
      for (const name of readdirSync(directory)) if (name.endsWith(".cdb")) rmSync(join(directory, name));
      return cdbRun("rebuild");
    },
    () => cdbRun("rebuild"),
    () => costOf(process.execPath, ["-e", "0"]),
  ]);
  const jsonBytes = readdirSync(upstream).reduce(
    (sum, name) => sum + (name.endsWith(".json") ? statSync(join(upstream, name)).size : 0),
    0,
  );
  const megabytes = `${(jsonBytes / 1e6).toFixed(0)} MB in ${L10N_FILES} JSON files`;
  const speed = (cost: Cost | undefined): string =>
    `${(jsonBytes / 1e3 / (cost?.wallMs ?? 0)).toFixed(0)} MB/s`;
  const memory = peakMemory(["rebuild", directory, "--force", "--threads", "2"]);
  const extra = (noop?.wallMs ?? 0) - (start?.wallMs ?? 0);
  const row = (work: string, cost: Cost | undefined, result: string, goal: string): Row => {
    return { work, ours: cost === undefined ? "" : shown(cost), peer: "", result, goal };
  };
  return [
    row(`rebuild ${megabytes}, 2 threads`, rebuild, speed(rebuild), ">= 400 MB/s"),
    row("memory of that", undefined, `${memory.toFixed(0)} MB`, "< 400 MB"),
    row("refresh of the same", refresh, speed(refresh), ">= 550 MB/s"),
    row("rebuild with nothing to do", noop, `${extra.toFixed(0)} ms over node`, "< 100 ms over node"),
  ];
}

function peakMemory(args: readonly string[]): number {
  const script = `exec "$@" 2>&1 >/dev/null`;
  return (
    Number(outputOf("sh", ["-c", script, "sh", process.execPath, `--import=${PRINT_MEMORY}`, CDB, ...args])) /
    1024
  );
}

function ratioRow(work: string, ours: number, peer: number, goal: string): Row {
  const show = (value: number): string => `${value.toFixed(0)} ns`;
  const name = goal.split(" ").at(-1) ?? "";
  const result = `${(ours / peer).toFixed(2)}x`;
  return { work: `${work} (${name})`, ours: show(ours), peer: show(peer), result, goal };
}

function programRow(work: string, ours: Cost | undefined, peer: Cost | undefined, goal: string): Row {
  const ratio = (part: keyof Cost): string => `${((ours?.[part] ?? 0) / (peer?.[part] ?? 0)).toFixed(2)}x`;
  const result = `${ratio("wallMs")}; processor ${ratio("cpuMs")}`;
  return { work, ours: shown(ours), peer: shown(peer), result, goal };
}

function shown(cost: Cost | undefined): string {
  return cost === undefined ? "" : `${cost.wallMs.toFixed(0)} ms (processor ${cost.cpuMs.toFixed(0)})`;
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
