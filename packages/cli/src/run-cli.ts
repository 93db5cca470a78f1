import type { Command } from "./command.ts";
import { complete } from "./completion/completion-protocol.ts";
import { isRefusal, isUsageError, UsageError } from "./errors.ts";
import { EXIT } from "./exit-code.ts";
import { helpLayout, renderCommandList, renderHelp } from "./help.ts";
import { createInvocation } from "./create-invocation.ts";
import type { Io } from "./invocation.ts";
import { nearest } from "./nearest.ts";
import { watchOutput } from "./output-failure.ts";
import { printable } from "./printable.ts";
import { parseArguments, type ParsedArguments } from "./parse-arguments.ts";
import { reportError } from "./report-error.ts";

/** A program made of commands. */
export interface CliOptions {
  readonly program: string;
  /** One sentence that says what the program is for. */
  readonly about: string;
  readonly commands: readonly Command[];
  /** Further commands, looked up for a name that is none of `commands`, and for the list of all. @defaultValue none */
  readonly moreCommands?: () => Promise<readonly Command[]>;
  readonly argv: readonly string[];
  readonly io: Io;
}

/** Parses, runs and reports one call of a program. Never throws; answers with the exit status. */
export async function runCli(options: CliOptions): Promise<number> {
  const { io, program } = options;
  const output = watchOutput(io);
  const status = await reportedStatus(options);
  const failure = await output.failure();
  if (failure === undefined) return status;
  io.stderr.write(`${program}: Cannot write to standard output: ${failure.message}\n`);
  return status === EXIT.ok ? EXIT.failed : status;
}

/** What was called, as far as it is known: the program, a command, an action of it. */
interface Called {
  name: string;
}

async function reportedStatus(options: CliOptions): Promise<number> {
  const { program, io } = options;
  const verbose = asksForMore(options);
  const called: Called = { name: program };
  try {
    return await dispatch(options, called);
  } catch (error) {
    if (isUsageError(error)) {
      const { name } = called;
      const hint = error.hint === undefined ? "" : `${error.hint}\n`;
      io.stderr.write(printable(`${name}: ${error.message}\n${hint}`));
      io.stderr.write(`Run '${name} --help' for usage.\n`);
      return error.exitCode;
    }
    const status = reportError(error, { stderr: io.stderr, program, verbose });
    if (!isRefusal(error)) ringBell(io);
    return status;
  }
}

/** Calls people back to a terminal where work has failed; never into a pipe or a file. */
function ringBell({ stderr }: Io): void {
  if (stderr.isTTY === true) stderr.write("\u0007");
}

/** A command may have a `-v` of its own. */
function asksForMore({ argv, commands, io }: CliOptions): boolean {
  if (io.env["SCAP_BACKTRACE"] !== undefined) return true;
  const own = commands.find(({ name }) => name === argv[0])?.options ?? [];
  return argv.includes("--verbose") || (argv.includes("-v") && !own.some(({ short }) => short === "v"));
}

async function dispatch(options: CliOptions, called: Called): Promise<number> {
  const { argv, commands, io, moreCommands, program } = options;
  const [first] = argv;
  if (first === undefined) {
    io.stderr.write(renderCommandList(commands, program, options.about, helpLayout(io)));
    io.stderr.write(`\n${program}: a command is required\n`);
    return EXIT.failed;
  }
  if (first === "-h" || first === "--help") {
    const all = [...commands, ...((await moreCommands?.()) ?? [])];
    io.stdout.write(renderCommandList(all, program, options.about, helpLayout(io)));
    return EXIT.ok;
  }
  if (io.env["_COMPLETION"] !== undefined && first.startsWith("--_completion=")) {
    const all = [...commands, ...((await moreCommands?.()) ?? [])];
    const candidates = complete(all, first.slice("--_completion=".length));
    io.stdout.write(candidates.map((candidate) => `${candidate}\n`).join(""));
    return candidates.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const isKnown = commands.some(({ name }) => name === first);
  const all = isKnown ? commands : [...commands, ...((await moreCommands?.()) ?? [])];
  const command = findCommand(all, first);
  called.name = `${program} ${first}`;
  return runCommand(command, called, argv.slice(1), io);
}

function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.filter(({ hidden }) => hidden !== true).map((candidate) => candidate.name);
  const near = nearest(name, names);
  const hint = near === undefined ? `Commands: ${names.toSorted().join(", ")}.` : `Did you mean '${near}'?`;
  throw new UsageError(
    name.startsWith("-") ? `Options belong after the command: ${name}` : `Unknown command ${name}`,
    hint,
  );
}

async function runCommand(
  command: Command,
  called: Called,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const [first] = argv;
  const program = called.name;
  const action = command.commands?.find((candidate) => candidate.name === first);
  if (action !== undefined) {
    called.name = `${program} ${action.name}`;
    return runCommand(action, called, argv.slice(1), io);
  }
  const isHelp = argv.includes("-h") || argv.includes("--help");
  if (command.handler === undefined && !isHelp) {
    const names = (command.commands ?? []).map((candidate) => candidate.name);
    if (first === undefined) throw new UsageError(`${program} needs an action: ${names.join(", ")}`);
    const near = nearest(first, names);
    throw new UsageError(
      `Unknown action ${program} ${first}`,
      near === undefined ? `Actions: ${names.join(", ")}.` : `Did you mean '${near}'?`,
    );
  }
  const parsed = parseArguments(command, argv);
  if (parsed.options.flag("help")) {
    io.stdout.write(renderHelp(command, program, helpLayout(io)));
    return EXIT.ok;
  }
  return runHandler(command, program, parsed, io);
}

async function runHandler(
  command: Command,
  program: string,
  parsed: ParsedArguments,
  io: Io,
): Promise<number> {
  const handler = await command.handler?.();
  if (handler === undefined) return EXIT.ok;
  const open = createInvocation({ command, program, parsed, io });
  try {
    const status = await handler(open.invocation);
    if (status !== EXIT.ok) ringBell(io);
    return status;
  } finally {
    open.close();
  }
}
