import { resolve } from "node:path";
import { type Invocation, UsageError } from "@scap/cli";
import { foldHosts, hostSetOf, membersOf } from "@scap/targets";
import type { Session } from "../session.ts";
import { fleetCommands } from "./fleet-commands.ts";
import type { FleetWork } from "./fleet-options.ts";
import { loadRun, runDirectory, type RunRecord } from "./run-record.ts";
import { outputDirectory } from "./output-directory.ts";
import { selectHosts } from "./select-hosts.ts";
import { sampleHosts, shuffleSeed } from "./start-order.ts";

/** Work with where it came from, for the record. */
export interface RecordedWork extends FleetWork {
  readonly texts: readonly string[];
  /** Absolute path of the script. */
  readonly script: string | undefined;
}

/**
 * What is to be done where: as the command line says, or, with `--retry-failed`, the commands of an earlier run on the
 * hosts that failed then.
 *
 * @throws UsageError for a command line that says both or neither
 */
export async function fleetWork(invocation: Invocation, session: Session): Promise<RecordedWork> {
  const { cwd, env, options, word, words } = invocation;
  const query = word("hosts");
  const retried = options.string("retry-failed");
  const limit = options.integer("limit");
  if (limit !== undefined && limit < 1) throw new UsageError(`--limit is ${limit}; expected a number from 1`);
  const seed = shuffleSeed(options.string("shuffle"));
  const how = { shuffleSeed: seed, outputDirectory: await outputDirectory(invocation) };
  if (retried === undefined) {
    if (query === undefined) throw new UsageError("scap run needs hosts, or --retry-failed");
    const script = options.string("script");
    const texts = words("commands");
    return {
      hosts: sampleHosts(membersOf(await selectHosts(query, invocation, session)), limit, seed),
      ...how,
      ...(await commandsOf(texts, script === undefined ? undefined : resolve(cwd, script))),
      sudo: options.string("sudo"),
    };
  }
  if (query !== undefined || options.string("script") !== undefined) {
    throw new UsageError(
      "--retry-failed repeats the commands of that run on its hosts: leave out hosts and commands",
    );
  }
  const record = await loadRun(runDirectory(env), retried);
  tellLeftOut(record, invocation);
  const failed = membersOf(hostSetOf(Object.values(record.verdict.failed).flat()));
  return {
    hosts: sampleHosts(failed, limit, seed),
    ...how,
    ...(await commandsOf(record.commands, record.script ?? undefined)),
    sudo: options.string("sudo") ?? record.sudo ?? undefined,
  };
}

/** Only failed hosts are tried again; of the others nobody would notice that they got nothing. */
function tellLeftOut({ verdict }: RunRecord, { stderr }: Invocation): void {
  const { interrupted = [], notStarted = [], unfinished = [] } = verdict;
  const hosts = [...interrupted, ...unfinished, ...notStarted];
  if (hosts.length === 0) return;
  stderr.write(`Left out, since that run was interrupted or stopped before them: ${foldHosts(hosts)}\n`);
}

async function commandsOf(
  texts: readonly string[],
  script: string | undefined,
): Promise<Pick<RecordedWork, "commands" | "texts" | "script">> {
  return { texts, script, commands: await fleetCommands(texts, script) };
}
