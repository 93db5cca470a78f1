import type { Invocation } from "@scap/cli";
import type { ProgressReporter } from "@scap/log";
import type { JobOutput } from "@scap/ssh-job";
import { resultObject } from "./fleet-json.ts";
import type { FleetOptions } from "./fleet-options.ts";
import { fleetProgress } from "./fleet-progress.ts";
import { FleetTally } from "./fleet-verdict.ts";
import { forStream } from "./for-stream.ts";
import { OutputGroups } from "./output-groups.ts";
import { PrefixedOutput } from "./prefixed-output.ts";
import type { FleetListener, FleetResult } from "./run-fleet.ts";

const TICK_MS = 1000;

/** How results are shown. */
export type FleetFormat = "grouped" | "stream" | "json" | "ndjson";

/** What a console shows and where. */
export interface FleetConsoleOptions {
  readonly invocation: Pick<Invocation, "stdout" | "stderr">;
  readonly fleet: FleetOptions;
  readonly hosts: readonly string[];
  readonly format: FleetFormat;
  readonly groupBy: "output" | "exit";
  readonly hasProgress: boolean;
}

/** Shows a run while it goes on, in one of the formats, and counts for the verdict. */
export class FleetConsole implements FleetListener {
  readonly tally: FleetTally = new FleetTally();
  readonly onOutput?: (output: JobOutput) => Promise<void>;
  readonly #options: FleetConsoleOptions;
  readonly #places: ReadonlyMap<string, number>;
  readonly #prefixed: PrefixedOutput;
  #groups = new Map<number, OutputGroups>();
  #results: FleetResult[] = [];
  #progress: ProgressReporter | undefined;
  #expected = 0;
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: FleetConsoleOptions) {
    this.#options = options;
    this.#places = new Map(options.hosts.map((host, place) => [host, place]));
    this.#prefixed = new PrefixedOutput(options.invocation);
    if (options.format === "stream") this.onOutput = (output) => this.#prefixed.add(output);
  }

  readonly onRoundStart = (results: number): void => {
    const { hasProgress, invocation } = this.#options;
    this.#expected = results;
    this.#progress = fleetProgress(invocation.stderr, !hasProgress);
    this.#progress.expect(results);
    // The clock goes on while nothing happens.
    this.#ticker = setInterval(() => this.#progress?.report(), TICK_MS).unref();
  };

  readonly onHostStart = (): void => this.#progress?.addInFlight();

  readonly onResult = (result: FleetResult, missing: number): void => {
    this.tally.add(result);
    this.#count(result, missing);
    const { fleet, format, invocation } = this.#options;
    if (format === "grouped") this.#groupsOf(result.command).add(result.result);
    else if (format === "stream") this.#prefixed.end(result.result);
    else if (format === "json") this.#results.push(result);
    else if (format === "ndjson") {
      invocation.stdout.write(`${JSON.stringify(resultObject(result, fleet))}\n`);
    }
  };

  readonly onRoundEnd = async (): Promise<void> => {
    clearInterval(this.#ticker);
    this.#progress?.finish();
    const { fleet, invocation } = this.#options;
    const { stdout } = invocation;
    for (const [command, groups] of [...this.#groups].toSorted(([a], [b]) => a - b)) {
      const title = fleet.commands.length > 1 ? `----- ${fleet.commands[command]?.text} -----\n` : "";
      stdout.write(forStream(title + groups.text(), stdout));
    }
    this.#groups = new Map();
  };

  /** All results for programs, in the order of hosts and commands. Empty in the other formats. */
  resultObjects(): object[] {
    const place = ({ result }: FleetResult): number => this.#places.get(result.host) ?? 0;
    return this.#results
      .toSorted((a, b) => place(a) - place(b) || a.command - b.command)
      .map((result) => resultObject(result, this.#options.fleet));
  }

  #count({ result }: FleetResult, missing: number): void {
    // A host that was never contacted is neither done nor in flight.
    if (result.connectAttempts === 0) return;
    if (missing > 0) this.#progress?.expect((this.#expected -= missing));
    if (result.status === "ok") this.#progress?.addSuccess();
    else this.#progress?.addFailure();
  }

  #groupsOf(command: number): OutputGroups {
    const groups = this.#groups.get(command) ?? new OutputGroups(this.#options.groupBy, this.#places);
    this.#groups.set(command, groups);
    return groups;
  }
}
