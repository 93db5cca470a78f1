import { randomInt } from "node:crypto";
import { EXIT, type Invocation } from "@scap/cli";
import { createReporter, type ProgressReporter } from "@scap/log";
import type { JobOutput } from "@scap/ssh-job";
import {
  foldHosts,
  listDirectories,
  membersOf,
  queryHosts,
  scapGroups,
  scapGroupsBackend,
} from "@scap/targets";
import { openSession, type Session } from "../session.ts";
import { sshPool } from "../ssh-pool.ts";
import { confirmFleet } from "./fleet-confirmation.ts";
import { type FleetOptions, readFleetOptions } from "./fleet-options.ts";
import {
  forStream,
  groupedOutput,
  judge,
  resultObject,
  verdictLines,
  verdictObject,
  type FleetVerdict,
} from "./fleet-report.ts";
import { type FleetResult, runFleet } from "./fleet-run.ts";

const RUN_EXIT = { belowThreshold: 1, partial: 3, noHosts: 4, declined: 98 } as const;

/** `scap run`. */
export async function runRun(invocation: Invocation): Promise<number> {
  const { options, stdout, stderr } = invocation;
  const session = await openSession(invocation);
  const fleet = await readFleetOptions(invocation);
  const hosts = sample(await selectHosts(invocation, session), options.integer("limit"));
  if (hosts.length === 0) {
    stderr.write("No host matches\n");
    return options.flag("allow-empty") ? EXIT.ok : RUN_EXIT.noHosts;
  }
  if (fleet.commands.length === 0) {
    stdout.write(`${foldHosts(hosts)}\n`);
    return EXIT.ok;
  }
  stderr.write(planText(hosts, fleet));
  if (options.flag("plan")) return EXIT.ok;
  if (!(await confirmFleet(invocation, hosts))) return RUN_EXIT.declined;
  const results = await execute(invocation, session, hosts, fleet);
  return report(invocation, fleet, hosts, results);
}

async function selectHosts(invocation: Invocation, { config }: Session): Promise<readonly string[]> {
  const { cwd, interrupts, stderr } = invocation;
  const source = { config, searchPath: await listDirectories(cwd, config.environment) };
  const { hosts, warnings } = await queryHosts(invocation.word("hosts") ?? "", {
    groups: scapGroups(source),
    backends: [scapGroupsBackend(source)],
    signal: interrupts.stop,
  });
  for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
  return membersOf(hosts);
}

/** A random part of the hosts, in their order. */
function sample(hosts: readonly string[], size: number | undefined): readonly string[] {
  if (size === undefined || size >= hosts.length) return hosts;
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(randomInt(hosts.length));
  return hosts.filter((_, index) => chosen.has(index));
}

function planText(hosts: readonly string[], { commands }: FleetOptions): string {
  const lines = [`${hosts.length} hosts: ${foldHosts(hosts)}`, ...commands.map(({ text }) => `  ${text}`)];
  return lines.map((line) => `${line}\n`).join("");
}

async function execute(
  invocation: Invocation,
  session: Session,
  hosts: readonly string[],
  fleet: FleetOptions,
): Promise<FleetResult[]> {
  const { interrupts, options, stderr, stdout } = invocation;
  const results: FleetResult[] = [];
  const stream = new PrefixedOutput(stdout);
  const mute = options.flag("no-progress") || options.flag("stream");
  const progress = createReporter({ name: "run", stream: stderr, mute });
  const transport = await sshPool(invocation, session);
  progress.expect(hosts.length * fleet.commands.length);
  progress.start();
  try {
    await runFleet({
      hosts,
      options: fleet,
      transport,
      stop: interrupts.stop,
      abort: interrupts.abort,
      ...(options.flag("stream") ? { onOutput: (output) => stream.add(output) } : {}),
      onResult: (result) => {
        results.push(result);
        count(progress, result);
        if (options.flag("ndjson")) stdout.write(`${JSON.stringify(resultObject(result, fleet))}\n`);
      },
    });
  } finally {
    progress.finish();
    stream.end();
    await transport.close();
  }
  return results;
}

function count(progress: ProgressReporter, { result }: FleetResult): void {
  if (result.status === "ok") progress.addSuccess();
  else progress.addFailure();
}

/** Prints whole lines with the host in front; the last piece of a stream waits for its rest. */
class PrefixedOutput {
  readonly #stdout: Invocation["stdout"];
  readonly #rests = new Map<string, { readonly host: string; text: string }>();

  constructor(stdout: Invocation["stdout"]) {
    this.#stdout = stdout;
  }

  add({ host, stream, chunk }: JobOutput): void {
    const rest = this.#rests.get(`${host} ${stream}`) ?? { host, text: "" };
    this.#rests.set(`${host} ${stream}`, rest);
    const lines = (rest.text + chunk.toString("utf8")).split("\n");
    rest.text = lines.pop() ?? "";
    for (const line of lines) this.#print(host, line);
  }

  end(): void {
    for (const { host, text } of this.#rests.values()) if (text !== "") this.#print(host, text);
  }

  #print(host: string, line: string): void {
    this.#stdout.write(`${host}: ${forStream(line, this.#stdout)}\n`);
  }
}

function report(
  { interrupts, options, stderr, stdout }: Invocation,
  fleet: FleetOptions,
  hosts: readonly string[],
  results: readonly FleetResult[],
): number {
  const verdict = judge(hosts, results, fleet);
  const exitCode = interrupts.stop.aborted
    ? interrupts.exitCode
    : exitCodeOf(verdict, options.flag("ok-partial"));
  if (options.flag("json")) {
    const all = results.map((result) => resultObject(result, fleet));
    stdout.write(`${JSON.stringify({ hosts, results: all, verdict: verdictObject(verdict, exitCode) })}\n`);
  } else if (!options.flag("ndjson") && !options.flag("stream")) {
    const by = options.string("group-by") === "exit" ? "exit" : "output";
    stdout.write(forStream(groupedOutput(results, fleet, by), stdout));
  }
  stderr.write(verdictLines(verdict));
  return exitCode;
}

function exitCodeOf({ isThresholdMet, succeeded, total }: FleetVerdict, isPartialOk: boolean): number {
  if (!isThresholdMet) return RUN_EXIT.belowThreshold;
  return succeeded.length === total || isPartialOk ? EXIT.ok : RUN_EXIT.partial;
}
