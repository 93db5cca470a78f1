/** Logs: filtering a large file against jq, writing against pino, and the delay of follow mode. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createLogger, fileSink } from "@scap/log";

const DEPLOY_LOG = fileURLToPath(new URL("../apps/deploy-log/bin/deploy-log.js", import.meta.url));
const FILE_BYTES = 200 * 1024 * 1024;
const RECORDS = 100_000;
const ROUNDS = 5;

/** Prints the three comparisons. */
export async function run(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "scap-bench-log-"));
  try {
    await filterLargeFile(directory);
    await writeRecords(directory);
    await followDelay(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function filterLargeFile(directory: string): Promise<void> {
  const file = join(directory, "large.log");
  const count = await makeLargeFile(file);
  const selection = '.host == "web7.example.org" and .levelno >= 40';
  const expression = "host == web7.example.org levelno >= ERROR";
  const jq = (): Run => timedRun("jq", ["-c", `select(${selection})`, file]);
  const ours = (): Run => timedRun(process.execPath, [DEPLOY_LOG, "--json", "--file", file, expression]);
  const pairs = Array.from({ length: ROUNDS }, () => ({ theirs: jq(), mine: ours() }));
  const first = pairs[0];
  const isSame = first !== undefined && compact(first.mine.output) === compact(first.theirs.output);
  const ratio = median(pairs.map(({ theirs, mine }) => mine.ms / theirs.ms));
  console.log(`deploy-log --file over 200 MB (${count} records), host and level: ${ratio.toFixed(3)}x of jq`);
  console.log(`  results ${isSame ? "identical" : "DIFFERENT"}, peak ${peakMegabytes(file, expression)} MB`);
}

interface Run {
  readonly ms: number;
  readonly output: string;
}

function timedRun(command: string, args: readonly string[]): Run {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}: ${stderr}`);
  return { ms: performance.now() - start, output: stdout };
}

function compact(lines: string): string {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.stringify(JSON.parse(line)))
    .join("\n");
}

function peakMegabytes(file: string, expression: string): number {
  const code = `process.argv.push(...${JSON.stringify(["--json", "--file", file, expression])});
    process.on("exit", () => console.error(process.resourceUsage().maxRSS));
    await import(${JSON.stringify(DEPLOY_LOG)});`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  return Math.round(Number(stderr.trim().split("\n").at(-1)) / 1024);
}

async function makeLargeFile(path: string): Promise<number> {
  const stream = createWriteStream(path);
  let [bytes, count] = [0, 0];
  while (bytes < FILE_BYTES) {
    const lines = Array.from({ length: 1000 }, () => largeLine(count++)).join("");
    bytes += lines.length;
    if (!stream.write(lines)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return count;
}

function largeLine(at: number): string {
  const host = `web${(at * 7919) % 200}.example.org`;
  const levelno = [10, 10, 10, 20, 20, 30, 40][(at * 31) % 7];
  const created = 1_444_873_813 + at / 100;
  return `{"name": "target.${host}.deploy-local", "msg": "Fetch from: %s %d", "args": ["http://deploy1.example.org/shop/web/.git", ${at}], "levelno": ${levelno}, "filename": "deploy.py", "exc_text": null, "lineno": 331, "funcName": "fetch", "created": ${created}, "msecs": 116.0, "relativeCreated": ${at / 3}, "host": "${host}"}\n`;
}

async function writeRecords(directory: string): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await writeWithPino(join(directory, `pino-${round}.log`));
    ratios.push((await writeWithOurs(join(directory, `ours-${round}.log`))) / theirs);
  }
  console.log(`file sink, ${RECORDS} records: ${median(ratios).toFixed(2)}x of pino`);
}

interface PinoDestination extends NodeJS.EventEmitter {
  flushSync(): void;
  end(): void;
}
interface Pino {
  (options: { name: string }, destination: PinoDestination): { info(fields: object, message: string): void };
  destination(options: { dest: string; sync: boolean }): PinoDestination;
}

// pino is a development dependency of packages/log, so it is found from there.
const pino = createRequire(new URL("../packages/log/package.json", import.meta.url))("pino") as Pino;

async function writeWithPino(path: string): Promise<number> {
  const destination = pino.destination({ dest: path, sync: true });
  const logger = pino({ name: "deploy" }, destination);
  const start = performance.now();
  for (let at = 0; at < RECORDS; at += 1)
    logger.info(fieldsOf(at), "Fetch from: http://deploy1.example.org/shop/web/.git");
  destination.flushSync();
  const ms = performance.now() - start;
  destination.end();
  await once(destination, "close");
  return ms;
}

async function writeWithOurs(path: string): Promise<number> {
  const sink = fileSink({ path });
  const logger = createLogger({ name: "deploy", sinks: [sink] });
  const start = performance.now();
  for (let at = 0; at < RECORDS; at += 1)
    logger.info("Fetch from: http://deploy1.example.org/shop/web/.git", fieldsOf(at));
  await sink.close();
  return performance.now() - start;
}

function fieldsOf(at: number): { host: string; stage: string; durationMs: number } {
  return { host: `web${at % 200}.example.org`, stage: "fetch", durationMs: at };
}

async function followDelay(directory: string): Promise<void> {
  const log = join(directory, "scap", "log", "x.log");
  mkdirSync(join(directory, "scap", "log"), { recursive: true });
  writeFileSync(log, '{"msg": "0"}\n');
  const child = spawn(process.execPath, [DEPLOY_LOG], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const shown = async (text: string): Promise<void> => {
    while (!String((await lines.next()).value).endsWith(text));
  };
  await shown("] 0");
  const delays: number[] = [];
  for (let at = 1; at <= 500; at += 1) {
    const start = performance.now();
    appendFileSync(log, `{"msg": "${at}"}\n`);
    await shown(`] ${at}`);
    delays.push(performance.now() - start);
  }
  child.kill("SIGINT");
  await once(child, "exit");
  const sorted = delays.toSorted((a, b) => a - b);
  const [p50 = 0, p99 = 0] = [sorted[250], sorted[494]];
  console.log(
    `follow mode, write to display: ${p50.toFixed(1)} ms at the median, ${p99.toFixed(1)} ms at the 99th percentile`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
