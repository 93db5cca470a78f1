/** What `deploy-log` is asked for. */
export interface DeployLogOptions {
  /** Filter expression; the empty one matches everything. */
  readonly expression: string;
  /** Read this file to its end instead of following; `-` is standard input. */
  readonly file?: string;
  /** Read the newest file of the log directory to its end instead of following. */
  readonly latest: boolean;
  /** Show DEBUG records too, and say how many lines could not be read. */
  readonly verbose: boolean;
  /** Print matching records as they are. */
  readonly json: boolean;
  /** Show times in UTC instead of local time. */
  readonly utc: boolean;
  /** Count matching records by host, level and logger instead of showing them. */
  readonly stats: boolean;
  /** Show where the time of a deployment went instead of its records. */
  readonly summary: boolean;
  /** Only records from this moment on. */
  readonly since?: string;
  /** Only records before this moment. */
  readonly until?: string;
  /** Only records about one of these hosts: globs, anchored at the end. */
  readonly hosts: readonly string[];
  /** Only records of one of these stages: globs, anchored at the end. */
  readonly stages: readonly string[];
}

/** One option of the command line, in the form that command-line packages use. */
export interface DeployLogOption {
  readonly name: string;
  readonly short?: string;
  readonly type: "flag" | "string";
  readonly value?: string;
  readonly repeat?: boolean;
  readonly suggestions?: readonly string[];
  readonly completes?: "logs" | "hosts";
  readonly summary: string;
}

/** The options of the command besides `-v`; every command that shows logs declares these. */
export const DEPLOY_LOG_OPTIONS: readonly DeployLogOption[] = [
  {
    name: "file",
    short: "f",
    type: "string",
    value: "FILE",
    completes: "logs",
    summary: "read this file and stop (.gz too, .zst from Node.js 22.15; - is standard input)",
  },
  { name: "latest", short: "l", type: "flag", summary: "read the newest log file and stop" },
  { name: "json", type: "flag", summary: "print matching records as they are, one JSON object a line" },
  { name: "utc", type: "flag", summary: "show times in UTC" },
  {
    name: "since",
    type: "string",
    value: "WHEN",
    summary: "only records from WHEN on: HH:MM[:SS], an ISO date, epoch seconds, or 90s, 10m, 2h, 3d ago",
  },
  { name: "until", type: "string", value: "WHEN", summary: "only records before WHEN" },
  {
    name: "host",
    type: "string",
    value: "GLOB",
    repeat: true,
    completes: "hosts",
    summary: "only records about this host (repeatable: any of them)",
  },
  {
    name: "stage",
    type: "string",
    value: "GLOB",
    repeat: true,
    suggestions: ["fetch", "config_deploy", "promote", "handle_service", "finalize", "rollback"],
    summary: "only records of this stage (repeatable: any of them)",
  },
  { name: "stats", type: "flag", summary: "count matching records by host, level and logger" },
  {
    name: "summary",
    type: "flag",
    summary: "show hosts by state, durations, slowest hosts and the critical path",
  },
];

/** Filters by level, as completion offers them. */
export const LEVEL_FILTERS: readonly string[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"].map(
  (level) => `levelno >= ${level}`,
);

/** Values of a parsed command line. */
export interface ParsedOptions {
  flag(name: string): boolean;
  string(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** Turns a parsed command line with `DEPLOY_LOG_OPTIONS` and a `verbose` flag into options. */
export function deployLogOptions(parsed: ParsedOptions, expression = ""): DeployLogOptions {
  const [file, since, until] = [parsed.string("file"), parsed.string("since"), parsed.string("until")];
  return {
    expression,
    latest: parsed.flag("latest"),
    verbose: parsed.flag("verbose"),
    json: parsed.flag("json"),
    utc: parsed.flag("utc"),
    stats: parsed.flag("stats"),
    summary: parsed.flag("summary"),
    hosts: parsed.list("host"),
    stages: parsed.list("stage"),
    ...(file !== undefined && { file }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
