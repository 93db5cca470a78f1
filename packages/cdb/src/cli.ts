import { constants } from "node:os";
import { type CAC, cac } from "cac";
import manifest from "../package.json" with { type: "json" };
import { type AddCommand, type CommandContext, EXIT } from "./commands/command-context.ts";
import { addDiff } from "./commands/diff.ts";
import { addDump } from "./commands/dump.ts";
import { addGet } from "./commands/get.ts";
import { addKeys } from "./commands/keys.ts";
import { addMake } from "./commands/make.ts";
import { helpSections } from "./commands/help.ts";
import { ProgressLine } from "./commands/progress-line.ts";
import { addRebuild } from "./commands/rebuild.ts";
import { addRefresh } from "./commands/refresh.ts";
import { OutputClosedError, StandardOutput } from "./commands/standard-output.ts";
import { addStats } from "./commands/stats.ts";
import { addVerify } from "./commands/verify.ts";
import { CdbError } from "./errors.ts";

const COMMANDS: readonly AddCommand[] = [
  addMake,
  addDump,
  addGet,
  addKeys,
  addStats,
  addVerify,
  addDiff,
  addRebuild,
  addRefresh,
];
/** Commands whose exit code 1 is an answer, so that trouble needs another one. */
const ANSWERING = new Set(["get", "diff"]);

/**
 * Runs the command `cdb`.
 *
 * @param argv arguments without program and script
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  const progress = new ProgressLine(() => process.stderr);
  const stop = new AbortController();
  const release = stopOnSignals(stop);
  const cli = cac("cdb");
  try {
    addCommands(cli, {
      output: new StandardOutput(),
      // Not before it is needed: it takes a while.
      input: () => process.stdin,
      note: progress.note,
      progress: progress.show,
      signal: stop.signal,
    });
    return await run(cli, argv);
  } catch (error) {
    return report(error, cli.matchedCommandName, stop.signal, progress.note);
  } finally {
    progress.clear();
    release();
  }
}

function addCommands(cli: CAC, context: CommandContext): void {
  for (const add of COMMANDS) add(cli, context);
  cli.help(helpSections).version(manifest.version);
}

async function run(cli: CAC, argv: readonly string[]): Promise<number> {
  cli.parse(["node", "cdb", ...argv], { run: false });
  if (cli.options["help"] === true || cli.options["version"] === true) return EXIT.done;
  if (cli.matchedCommand === undefined) {
    const [name] = cli.args;
    if (name !== undefined)
      throw new CdbError("CDB_OPTION", `there is no command ${JSON.stringify(name)}; see cdb --help`);
    const [option] = Object.keys(cli.options).filter((key) => key !== "--");
    if (option !== undefined)
      throw new CdbError("CDB_OPTION", `no command, and no option ${JSON.stringify(option)}; see cdb --help`);
    cli.outputHelp();
    return EXIT.usage;
  }
  const code: unknown = await cli.runMatchedCommand();
  return typeof code === "number" ? code : EXIT.done;
}

function report(
  error: unknown,
  command: string | undefined,
  signal: AbortSignal,
  note: (line: string) => void,
): number {
  if (error instanceof OutputClosedError) return EXIT.done;
  if (signal.aborted && typeof signal.reason === "number") {
    note("cdb: stopped; nothing was replaced by an unfinished file");
    return 128 + signal.reason;
  }
  if (!(error instanceof Error)) throw error;
  const isUsage = error.name === "CACError" || (error instanceof CdbError && error.code === "CDB_OPTION");
  const isExpected = isUsage || error instanceof CdbError;
  note(`cdb: ${isExpected ? error.message : (error.stack ?? error.message)}`);
  if (error instanceof CdbError && error.hint !== undefined) note(error.hint);
  return isUsage || ANSWERING.has(command ?? "") ? EXIT.usage : EXIT.failed;
}

/** The first signal stops the work, which then removes its temporary files; the second one ends the process. */
function stopOnSignals(stop: AbortController): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((name) => [name, () => stop.abort(constants.signals[name])] as const);
  for (const [name, handler] of handlers) process.once(name, handler);
  return () => {
    for (const [name, handler] of handlers) process.removeListener(name, handler);
  };
}
