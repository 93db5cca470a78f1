import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { decodeLooseRecord } from "../decode-record.ts";
import { LogError } from "../errors.ts";
import { formatMessageParts } from "../message/format-message.ts";
import type { OutputStream } from "../sinks/stream-writer.ts";
import { visibleText } from "../visible-text.ts";
import { type DeploymentTiming, foldTiming } from "./deployment-timing.ts";
import { followLogs } from "./follow-logs.ts";
import { LineScanner } from "./line-scanner.ts";
import { newestLogs } from "./newest-log.ts";
import type { DeployLogOptions } from "./options.ts";
import { quickLevel } from "./quick-level.ts";
import { readFileSource, readStream } from "./read-source.ts";
import { RecordCounts } from "./record-counts.ts";
import { RecordPrinter } from "./record-printer.ts";
import { remainingLines } from "./remaining-text.ts";
import { type Selection, selectRecords } from "./selection.ts";
import { timingLines } from "./timing-text.ts";

/** The world of the command, handed in. */
export interface DeployLogIo {
  /** The repository; its `scap/log` holds the log files. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** Gets the entries. */
  readonly stdout: OutputStream;
  /** Gets messages about the reading itself. */
  readonly stderr: OutputStream;
  /** Ends follow mode, and reading a file early. */
  readonly signal: AbortSignal;
  /** The time in milliseconds since the epoch. @defaultValue Date.now */
  readonly clock?: () => number;
}

/**
 * Shows deployment logs: a file, the newest file, or what is being written to the newest file until the signal.
 *
 * @returns the exit status: 0, 1 when a file cannot be read, 2 for options that make no sense, 130 after the signal
 */
export async function runDeployLog(options: DeployLogOptions, io: DeployLogIo): Promise<number> {
  try {
    checkOptions(options);
    return await new DeployLog(options, io).run();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const hint = error.hint === undefined ? "" : `${error.hint}\n`;
    io.stderr.write(visibleText(`deploy-log: ${error.message}\n${hint}`));
    return USAGE_CODES.has(error.code) ? 2 : 1;
  }
}

const USAGE_CODES: ReadonlySet<string> = new Set([
  "FILTER_SYNTAX",
  "LEVEL_UNKNOWN",
  "MOMENT_SYNTAX",
  "OPTION_CONFLICT",
]);

function checkOptions(options: DeployLogOptions): void {
  const { file, json, latest, stats, summary } = options;
  const conflict = (names: string, hint: string): LogError =>
    new LogError(`${names} cannot be used together`, { code: "OPTION_CONFLICT", hint });
  if (file !== undefined && latest)
    throw conflict("--file and --latest", "Name a file, or take the newest one.");
  if (stats && summary) throw conflict("--stats and --summary", "Ask for one of them.");
  if (json && summary)
    throw conflict("--json and --summary", "--json prints records; leave one of them out.");
  if (summary && hasSelection(options))
    throw conflict("--summary and a filter", "A summary is about a whole deployment; leave one of them out.");
}

function hasSelection({ expression, hosts, since, stages, until }: DeployLogOptions): boolean {
  const isTimed = since !== undefined || until !== undefined;
  return isTimed || hosts.length > 0 || stages.length > 0 || expression.trim() !== "";
}

class DeployLog {
  readonly #options: DeployLogOptions;
  readonly #io: DeployLogIo;
  readonly #selection: Selection;
  readonly #printer: RecordPrinter;
  readonly #counts: RecordCounts | undefined;
  #timing: DeploymentTiming | undefined;
  #unreadable = 0;
  #misfits = 0;

  constructor(options: DeployLogOptions, io: DeployLogIo) {
    const { env, stdout, clock = Date.now } = io;
    this.#options = options;
    this.#io = io;
    this.#selection = selectRecords(options, env["SCAP_LOG_LEVEL"], clock());
    this.#printer = new RecordPrinter({ stream: stdout, env, utc: options.utc, json: options.json });
    this.#counts = options.stats ? new RecordCounts() : undefined;
  }

  async run(): Promise<number> {
    const { file, latest } = this.#options;
    if (file === undefined && !latest) await this.#follow();
    else await this.#read(file ?? this.#latest());
    await this.#finish();
    return this.#io.signal.aborted ? 130 : 0;
  }

  async #read(path: string): Promise<void> {
    const options = { scanner: this.#scanner(), pause: () => this.#printer.ready(), signal: this.#io.signal };
    try {
      if (path === "-") await readStream(this.#io.stdin, options);
      else await readFileSource(path, options);
    } finally {
      this.#printer.send();
    }
  }

  #latest(): string {
    const newest = newestLogs(this.#directory()).at(-1);
    if (newest) return newest.path;
    throw new LogError(`There is no log file in ${this.#directory()}`, {
      code: "LOG_MISSING",
      hint: "Run this in a repository that was deployed from, or name a file with --file.",
    });
  }

  #directory(): string {
    return join(this.#io.cwd, "scap", "log");
  }

  async #follow(): Promise<void> {
    await followLogs({
      directory: this.#directory(),
      root: this.#io.cwd,
      signal: this.#io.signal,
      onBatch: () => this.#printer.send(),
      onOpen: (path) => {
        if (!this.#isFold()) this.#shown(`-- Opening log file: '${path}'`);
      },
      createScanner: () => this.#scanner(),
    });
  }

  #isFold(): boolean {
    return this.#options.stats || this.#options.summary;
  }

  // With -v every line is looked at, because the unreadable ones are counted.
  #scanner(): LineScanner {
    return new LineScanner({
      needles: this.#options.verbose || this.#options.summary ? [] : this.#selection.needles,
      onLine: (line) => this.#line(line),
      onOversized: () => (this.#unreadable += 1),
    });
  }

  #line(line: string): void {
    if (this.#isLevelTooLow(line)) return;
    const record = decodeLooseRecord(line);
    if (!record) {
      if (line.trim() !== "") this.#unreadable += 1;
      return;
    }
    if (this.#options.summary) {
      this.#timing = foldTiming(this.#timing, record);
      return;
    }
    if (!this.#selection.filter.matches(record)) return;
    if (this.#options.verbose && formatMessageParts(record).problem !== undefined) this.#misfits += 1;
    if (this.#counts) this.#counts.add(record);
    else this.#printer.print(record, line);
  }

  #isLevelTooLow(line: string): boolean {
    if (this.#options.verbose || this.#options.summary) return false;
    const levelno = quickLevel(line);
    return levelno !== undefined && !this.#selection.acceptsLevel(levelno);
  }

  async #finish(): Promise<void> {
    for (const line of await this.#foldLines()) this.#shown(line);
    this.#printer.send();
    if (!this.#options.verbose) return;
    const say = (count: number, one: string, many: string): void => {
      if (count > 0) this.#io.stderr.write(`-- ${count} ${count === 1 ? one : many}\n`);
    };
    say(this.#unreadable, "line is no record", "lines are no records");
    say(this.#misfits, "message does not fit its arguments", "messages do not fit their arguments");
  }

  async #foldLines(): Promise<string[]> {
    if (this.#options.summary) return [...timingLines(this.#timing), ...(await this.#remainingLines())];
    if (!this.#counts) return [];
    return this.#options.json ? [JSON.stringify(this.#counts)] : this.#counts.lines();
  }

  async #remainingLines(): Promise<string[]> {
    const { clock = Date.now } = this.#io;
    return remainingLines(this.#timing, { directory: this.#historyDirectory(), nowMs: clock() });
  }

  // Beside the file that is read there are the earlier ones of the same repository.
  #historyDirectory(): string {
    const { file } = this.#options;
    return file === undefined || file === "-" ? this.#directory() : dirname(resolve(this.#io.cwd, file));
  }

  #shown(line: string): void {
    this.#printer.line(this.#io.stdout.isTTY === true ? visibleText(line) : line);
  }
}
