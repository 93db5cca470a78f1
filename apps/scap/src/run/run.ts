import { CliError, EXIT, type Invocation, isExpectedError, UsageError } from "@scap/cli";
import type { Transport } from "@scap/ssh-job";
import { foldHosts, loadQueryConfig } from "@scap/targets";
import { callerName } from "../caller-name.ts";
import { askHostKeys } from "../fleet/ask-host-keys.ts";
import { confirmFleet } from "../fleet/confirm-fleet.ts";
import { FleetConsole, type FleetFormat } from "../fleet/fleet-console.ts";
import { type FleetOptions, readFleetOptions } from "../fleet/fleet-options.ts";
import { planObject, planText } from "../fleet/fleet-plan.ts";
import { type FleetVerdict, verdictLines, verdictObject } from "../fleet/fleet-verdict.ts";
import { fleetWork, type RecordedWork } from "../fleet/fleet-work.ts";
import { runFleet } from "../fleet/run-fleet.ts";
import { runDirectory, runName, type RunRecord, saveRun } from "../fleet/run-record.ts";
import { startOrder } from "../fleet/start-order.ts";
import { openSession, type Session } from "../session.ts";
import { sshTransport, transportName } from "../ssh-transport.ts";

const RUN_EXIT = { belowThreshold: 1, partial: 3, noHosts: 4, declined: 98 } as const;

/** `scap run`. */
export async function runRun(invocation: Invocation): Promise<number> {
  try {
    return await prepareAndRun(invocation);
  } catch (error) {
    throw withRunStatus(error);
  }
}

async function prepareAndRun(invocation: Invocation): Promise<number> {
  const { options, stdout, stderr, word } = invocation;
  const session = await openSession(invocation);
  const format = formatOf(invocation);
  const work = await fleetWork(invocation, session);
  const { hosts } = work;
  const fleet = readFleetOptions(invocation, work);
  if (hosts.length === 0) {
    const retried = options.string("retry-failed");
    const query = word("hosts") ?? "";
    stderr.write(retried === undefined ? `No host matches ${query}\n` : `No host failed in run ${retried}\n`);
    return options.flag("allow-empty") ? EXIT.ok : RUN_EXIT.noHosts;
  }
  if (fleet.commands.length === 0) {
    stdout.write(`${foldHosts(hosts)}\n`);
    return EXIT.ok;
  }
  if (options.flag("plan")) {
    stdout.write(format === "json" ? `${JSON.stringify(planObject(work))}\n` : planText(work));
    return EXIT.ok;
  }
  stderr.write(planText(work));
  if (!(await confirmFleet(invocation, hosts))) return RUN_EXIT.declined;
  return await execute(invocation, session, work, fleet, format);
}

/** What hosts do is never thrown: an error kept the run from starting, and 1 would say that it ran. */
function withRunStatus(error: unknown): unknown {
  if (!isExpectedError(error) || (error.exitCode ?? EXIT.failed) !== EXIT.failed) return error;
  const { code, hint } = error;
  return new CliError(error.message, {
    code,
    exitCode: EXIT.usage,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

function formatOf({ options }: Invocation): FleetFormat {
  const chosen = (["stream", "json", "ndjson"] as const).filter((format) => options.flag(format));
  if (chosen.length > 1) throw new UsageError(`--${chosen[0]} and --${chosen[1]} exclude each other`);
  return chosen[0] ?? "grouped";
}

async function execute(
  invocation: Invocation,
  session: Session,
  work: RecordedWork,
  fleet: FleetOptions,
  format: FleetFormat,
): Promise<number> {
  const { interrupts, options } = invocation;
  const { hosts } = work;
  const startedAt = new Date();
  // Lines of results and a line that is redrawn would garble each other.
  const isMixed = format === "stream" || (format === "ndjson" && invocation.stdout.isTTY === true);
  const view = new FleetConsole({
    invocation,
    fleet,
    hosts,
    format,
    groupBy: options.string("group-by") === "exit" ? "exit" : "output",
    hasProgress: !options.flag("no-progress") && !isMixed,
  });
  const { environment } = await loadQueryConfig(session.config.str("hosts_config") ?? "");
  const chosen = options.string("transport") ?? transportName(session);
  const connect = (name: string): Promise<Transport> =>
    sshTransport(invocation, session, { transport: name, environment });
  // Only the built-in client tells which key a host has shown.
  const isAskedApart = options.flag("ask-keys") && chosen !== "ssh2";
  let transport = await connect(isAskedApart ? "ssh2" : chosen);
  try {
    const isAdded = options.flag("ask-keys") && (await askHostKeys(invocation, transport, hosts));
    if (isAdded || isAskedApart) {
      await transport.close();
      transport = await connect(chosen);
    }
    const { stop, abort } = interrupts;
    const ordered = startOrder(hosts, work.shuffleSeed);
    await runFleet({ hosts: ordered, options: fleet, transport, stop, abort, listener: view });
  } finally {
    await transport.close();
  }
  const verdict = view.tally.verdict(hosts, fleet);
  const exitCode = interrupts.stop.aborted
    ? interrupts.exitCode
    : exitCodeOf(verdict, options.flag("ok-partial"));
  const record = recordOf(work, startedAt, await callerName(), { verdict, exitCode });
  await report(invocation, format, view, verdict, record);
  return exitCode;
}

function exitCodeOf({ isThresholdMet, succeeded, total }: FleetVerdict, isPartialOk: boolean): number {
  if (!isThresholdMet) return RUN_EXIT.belowThreshold;
  return succeeded.length === total || isPartialOk ? EXIT.ok : RUN_EXIT.partial;
}

function recordOf(
  work: RecordedWork,
  startedAt: Date,
  user: string,
  { exitCode, verdict }: { readonly exitCode: number; readonly verdict: FleetVerdict },
): RunRecord {
  return {
    run: runName(startedAt),
    startedAt: startedAt.toISOString(),
    user,
    commands: work.texts,
    script: work.script ?? null,
    sudo: work.sudo ?? null,
    shuffleSeed: work.shuffleSeed ?? null,
    hosts: work.hosts,
    verdict: verdictObject(verdict, exitCode),
  };
}

async function report(
  { env, stderr, stdout }: Invocation,
  format: FleetFormat,
  view: FleetConsole,
  verdict: FleetVerdict,
  record: RunRecord,
): Promise<void> {
  if (format === "json") {
    const { verdict: _last, ...rest } = record;
    stdout.write(`${JSON.stringify({ ...rest, results: view.resultObjects(), verdict: record.verdict })}\n`);
  }
  stderr.write(verdictLines(verdict));
  try {
    await saveRun(runDirectory(env), record);
    if (verdict.failed.size > 0)
      stderr.write(`To try those that failed again: scap run --retry-failed ${record.run}\n`);
  } catch (error) {
    stderr.write(`warning: This run is not kept: ${(error as Error).message}\n`);
  }
}
