import {
  EMPTY_VIEW,
  foldEvent,
  groupFailures,
  readEvent,
  type DeployEvent,
  type DeploymentView,
} from "@scap/events";
import { clockText, type LogRecord, type Sink } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { hosts as hostCount } from "../server/event-text.ts";
import { configDiffLines, ConfigDiffs } from "./config-diffs.ts";
import { LiveLine } from "./live-line.ts";
import { summaryLines } from "./summary.ts";
import { failureLines, progressText } from "./text-parts.ts";

/** Where a reporter writes. */
export interface ReporterOptions {
  readonly stream: NodeJS.WritableStream;
  /** A terminal of this many columns gets one live line; undefined means plain lines. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** What to run next when it failed; shown at the end. */
  readonly nextCommands?: readonly string[];
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
    const repo = this.#view.started?.repo ?? "";
    switch (event.event) {
      case "subgroup.started":
        this.#line(this.#paint("strong", `== ${event.label.toUpperCase()} ==`), created);
        this.#line(`:* ${foldHosts(event.hosts)}`, created);
        break;
      case "stage.started":
      case "stage.host.started":
      case "stage.host.finished":
        if (this.#view.progress !== undefined) this.#live.show(progressText(repo, this.#view.progress));
        break;
      case "stage.finished":
        this.#stageFinished(event, repo, created);
        break;
      case "group.verdict":
        if (!event.passed)
          this.#line(this.#paint("bad", `${event.group}: ${event.reason ?? "failed"}`), created);
        break;
      case "rollback.started":
        this.#line(`Rolling back ${hostCount(event.hosts.length)}: ${foldHosts(event.hosts)}`, created);
        break;
      case "deploy.finished":
        this.#finish(created);
        break;
      case "deploy.started":
      case "rollback.finished":
        break;
    }
  }

  #stageFinished(
    event: Extract<DeployEvent, { event: "stage.finished" }>,
    repo: string,
    created: number,
  ): void {
    const { counts, group, label, stage } = event;
    const failed = counts.failed + counts.unreachable + counts["timed-out"];
    const total = counts.ok + failed + counts.skipped + counts.cancelled;
    const text = progressText(repo, { group, label, stage, total, inFlight: 0, ok: counts.ok, failed });
    this.#line(failed > 0 ? this.#paint("bad", text) : text, created);
    for (const failure of groupFailures(this.#view.failures.slice(this.#shown))) {
      const [first = "", ...rest] = failureLines(failure);
      this.#line(this.#paint("bad", first), created);
      for (const line of rest) this.#line(line, created);
    }
    this.#shown = this.#view.failures.length;
    for (const diff of this.#diffs.take()) {
      for (const line of configDiffLines(diff, this.#options.colour)) this.#live.print(line);
    }
  }

  #finish(created: number): void {
    const { headline, details } = summaryLines(this.#view, this.#options.nextCommands ?? []);
    this.#line(this.#paint(this.#view.finished?.outcome === "ok" ? "good" : "bad", headline), created);
    for (const line of details) this.#line(line, created);
  }

  #line(text: string, created: number): void {
    this.#live.print(`${clockText(created)} ${text}`);
  }

  #paint(colour: Colour, text: string): string {
    return this.#options.colour ? `${COLOUR[colour]}${text}${COLOUR.off}` : text;
  }
}
