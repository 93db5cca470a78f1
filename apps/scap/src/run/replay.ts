import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import { readEvent } from "@scap/events";
import {
  LogError,
  parseFilterExpression,
  parseMoment,
  wantsColour,
  type Filter,
  type LogRecord,
} from "@scap/log";
import { parseDuration } from "../parse-duration.ts";
import { readLog } from "../read-log.ts";
import { listenForKeys } from "../replay/listen-for-keys.ts";
import { Player } from "../replay/player.ts";
import { replayRecords } from "../replay/replay-record.ts";
import { ReplayScreen } from "../replay/replay-screen.ts";
import { replaySinks, type ReplayLook } from "../replay/replay-sinks.ts";

export async function runReplay(invocation: Invocation): Promise<number> {
  const { interrupts, stderr, stdin, stdout } = invocation;
  const filter = usage(() => readFilter(invocation.word("expr")));
  const speed = readSpeed(invocation);
  const file = invocation.word("file") ?? "";
  const records = replayRecords(await readLog(invocation, file));
  if (records.length === 0) throw emptyLog(file);
  const player = usage(() => createPlayer(invocation, records, { filter, speed }));
  const hasKeys = stdin.isTTY === true && stdout.isTTY === true && file !== "-";
  if (hasKeys) stderr.write("-- space pauses, arrows skip, + and - change the speed, q quits\n");
  const stopListening = hasKeys ? listenForKeys(stdin, player) : () => undefined;
  const stop = (): void => player.stop();
  interrupts.stop.addEventListener("abort", stop);
  try {
    if (!interrupts.stop.aborted) await player.play();
  } finally {
    interrupts.stop.removeEventListener("abort", stop);
    stopListening();
  }
  return interrupts.stop.aborted ? interrupts.exitCode : EXIT.ok;
}

function createPlayer(
  { env, options, stdout }: Invocation,
  records: readonly LogRecord[],
  { filter, speed }: { readonly filter: Filter | undefined; readonly speed: number },
): Player {
  const look: ReplayLook = {
    columns: stdout.isTTY === true ? (stdout.columns ?? 80) : undefined,
    colour: wantsColour(stdout, env),
    isVerbose: options.flag("verbose"),
    mode: modeOf(records),
    filter,
  };
  const start = records[0]?.created ?? 0;
  const moment = (option: string): number | undefined => {
    const text = options.string(option);
    return text === undefined ? undefined : momentOf(text, option, start);
  };
  return new Player({
    records,
    screen: new ReplayScreen(stdout, (stream) => replaySinks(stream, look)),
    speed,
    from: moment("from") ?? start,
    until: moment("until") ?? Number.POSITIVE_INFINITY,
  });
}

/** What kind of deployment these records are of. */
function modeOf(records: readonly LogRecord[]): string | undefined {
  for (const record of records) {
    const event = readEvent(record);
    if (event?.event === "deploy.started") return event.mode;
  }
  return undefined;
}

/** A length of time counts from the start of the deployment, a time of day belongs to its day. */
function momentOf(text: string, option: string, start: number): number {
  const length = /^\+?(\d{1,4}|\d+(?:\.\d+)?(?:ms|s|m|h))$/.exec(text.trim())?.[1];
  return length === undefined
    ? parseMoment(text, start * 1000, false)
    : start + parseDuration(length, `--${option}`) / 1000;
}

function readSpeed({ options, stdout }: Invocation): number {
  const text = options.string("speed") ?? (stdout.isTTY === true ? "1" : "max");
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw new UsageError(`--speed: ${JSON.stringify(text)} is neither a number above 0 nor max`);
}

function readFilter(expression: string | undefined): Filter | undefined {
  return expression === undefined ? undefined : parseFilterExpression(expression);
}

/** A mistake in an option of the command line is one of its user. */
function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new UsageError(error.message, error.hint);
  }
}

function emptyLog(file: string): CliError {
  return new CliError(`${file} holds no records`, {
    code: "LOG_EMPTY",
    exitCode: EXIT.failed,
    hint: "Name a log that scap wrote: they are in scap/log.",
  });
}
