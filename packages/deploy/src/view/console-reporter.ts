import {
  EMPTY_VIEW,
  foldEvent,
  readEvent,
  type DeployEvent,
  type DeployStarted,
  type DeploymentView,
  type StageHostFinished,
} from "@scap/events";
import { clockText, type LogRecord, type Sink } from "@scap/log";
import { hosts as hostCount } from "../server/run/event-text.ts";
import { configDiffLines, ConfigDiffs } from "./config-diffs.ts";
import { LiveLine } from "./live-line.ts";
import { summaryLines } from "./summary.ts";
import { failureKinds } from "./failure-kinds.ts";
import { failureLines } from "./failure-lines.ts";
import { foldedHosts } from "./folded-hosts.ts";
import { finishedText, liveText, progressText, type ProgressOf } from "./progress-text.ts";
import { wrapText } from "./wrap-text.ts";

/** Kinds of failure of a stage that are shown with their output: what they are must fit on the screen. */
const KINDS_SHOWN = 3;
/** Characters that a list of hosts may take. */
const HOSTS_SHOWN = 200;
/** The time before a line, and a blank. */
const CLOCK_COLUMNS = 9;

/** Where a reporter writes. */
export interface ReporterOptions {
  readonly stream: NodeJS.WritableStream;
  /** A terminal of this many columns gets one live line; undefined means plain lines. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** What to run next when it failed; shown at the end. */
  readonly nextCommands?: readonly string[];
  /** How long such a deployment takes, in milliseconds; asked once, for the live line. */
  readonly typicalDurationMs?: (started: DeployStarted) => Promise<number | undefined>;
}

/** Shows a deployment while it runs: a fold over its records, as a log sink. */
export function consoleReporter(options: ReporterOptions): Sink {
  return new ConsoleReporter(options);
}

const COLOUR = { good: "\u001b[32m", bad: "\u001b[31m", strong: "\u001b[1m", off: "\u001b[0m" } as const;
type Colour = Exclude<keyof typeof COLOUR, "off">;

class ConsoleReporter implements Sink {
  readonly name = "console";
  readonly #options: ReporterOptions;
  readonly #live: LiveLine;
  readonly #diffs = new ConfigDiffs();
  #view: DeploymentView = EMPTY_VIEW;
  #shown = 0;
  #startedAt = 0;
  #typicalMs: number | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#live = new LiveLine(options);
  }

  write(record: LogRecord): void {
    if (this.#diffs.add(record)) return;
    // What a target claims to have happened is text, whatever fields it has.
    if (record.name.startsWith("target.")) return;
    const event = readEvent(record);
    if (event === undefined) return;
    this.#view = foldEvent(this.#view, event);
    this.#show(event, record.created);
  }

  async close(): Promise<void> {
    this.#live.clear();
  }

  #show(event: DeployEvent, created: number): void {
    switch (event.event) {
      case "subgroup.started":
        this.#line(`== ${event.label.toUpperCase()} ==`, created, "strong");
        this.#line(`:* ${foldedHosts(event.hosts, HOSTS_SHOWN)}`, created);
        break;
      case "stage.started":
      case "stage.host.started":
      case "stage.host.finished":
        this.#showLive(created);
        break;
      case "stage.finished":
        this.#stageFinished(event, created);
        break;
      case "group.verdict":
        if (!event.passed) this.#line(`${event.group}: ${event.reason ?? "failed"}`, created, "bad");
        break;
      case "rollback.started":
        this.#line(`Rolling back ${foldedHosts(event.hosts, HOSTS_SHOWN)}`, created);
        break;
      case "deploy.finished":
        this.#finish(created);
        break;
      case "deploy.started":
        this.#startedAt = created;
        void this.#estimate(event);
        break;
      case "rollback.finished":
        break;
    }
  }

  get #deployment(): ProgressOf {
    return this.#view.started ?? { repo: "" };
  }

  async #estimate(started: DeployStarted): Promise<void> {
    if (this.#options.columns === undefined) return;
    this.#typicalMs = await this.#options.typicalDurationMs?.(started);
  }

  #showLive(created: number): void {
    const { columns } = this.#options;
    const { progress } = this.#view;
    if (progress === undefined || columns === undefined) return;
    const leftMs = (this.#typicalMs ?? 0) - (created - this.#startedAt) * 1000;
    // Past its time nothing is said: how much longer it takes, nobody knows.
    this.#live.show(
      liveText(this.#deployment, progress, { columns, remainingMs: leftMs > 0 ? leftMs : undefined }),
    );
  }

  #stageFinished(event: Extract<DeployEvent, { event: "stage.finished" }>, created: number): void {
    const { counts, group, label, stage } = event;
    const failed = counts.failed + counts.unreachable + counts["timed-out"];
    const total = counts.ok + failed + counts.skipped + counts.cancelled;
    const progress = { group, label, stage, total, inFlight: 0, ok: counts.ok, failed };
    const { columns = Number.POSITIVE_INFINITY } = this.#options;
    const [full, short] = [
      progressText(this.#deployment, progress),
      finishedText(this.#deployment, progress),
    ];
    const text = full.length + CLOCK_COLUMNS <= columns ? full : short;
    this.#line(text, created, failed > 0 ? "bad" : undefined);
    this.#showFailures(this.#view.failures.slice(this.#shown));
    this.#shown = this.#view.failures.length;
    for (const diff of this.#diffs.take()) {
      for (const line of configDiffLines(diff, this.#options.colour)) this.#live.print(line);
    }
  }

  #showFailures(failures: readonly StageHostFinished[]): void {
    const kinds = failureKinds(failures);
    for (const kind of kinds.slice(0, KINDS_SHOWN)) {
      const [first = "", ...rest] = failureLines(kind, this.#options.columns);
      this.#live.print(this.#paint("bad", first));
      for (const line of rest) this.#live.print(line);
    }
    const more = kinds.slice(KINDS_SHOWN).flatMap(({ hosts }) => hosts);
    if (more.length > 0)
      this.#live.print(`and ${hostCount(more.length)} in other ways: ${foldedHosts(more, HOSTS_SHOWN)}`);
  }

  #finish(created: number): void {
    const { columns, nextCommands = [] } = this.#options;
    const { headline, details } = summaryLines(this.#view, { columns, nextCommands });
    this.#line(headline, created, this.#view.finished?.outcome === "ok" ? "good" : "bad");
    for (const line of details) this.#live.print(line);
  }

  #line(text: string, created: number, colour?: Colour): void {
    const { columns } = this.#options;
    for (const line of wrapText(`${clockText(created)} ${text}`, { columns, indent: CLOCK_COLUMNS })) {
      this.#live.print(colour === undefined ? line : this.#paint(colour, line));
    }
  }

  #paint(colour: Colour, text: string): string {
    return this.#options.colour ? `${COLOUR[colour]}${text}${COLOUR.off}` : text;
  }
}
