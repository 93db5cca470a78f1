import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "@scap/cli";
import { readingFailure } from "../reading-failure.ts";

/** What is kept of a run, so that it can be looked up and repeated where it failed. */
export interface RunRecord {
  readonly run: string;
  readonly startedAt: string;
  /** Who ran it. */
  readonly user: string;
  /** Shell commands, without the script. */
  readonly commands: readonly string[];
  /** Path of the script that ran after the commands. */
  readonly script: string | null;
  /** The user that the commands ran as; `null` for the login. */
  readonly sudo: string | null;
  /** With `--shuffle=` this seed hosts start in the same order again; `null` when it was the usual one. */
  readonly shuffleSeed?: number | null;
  readonly hosts: readonly string[];
  readonly verdict: {
    readonly failed: Readonly<Record<string, readonly string[]>>;
    /** Hosts that did not fail, but did not get everything either. */
    readonly interrupted?: readonly string[];
    readonly unfinished?: readonly string[];
    readonly notStarted?: readonly string[];
    readonly exitCode: number;
  };
}

/** Runs that are kept; older ones are removed. */
const KEPT = 200;

/** Where runs are kept: `$XDG_STATE_HOME/scap/runs`, normally `~/.local/state/scap/runs`. */
export function runDirectory(env: NodeJS.ProcessEnv): string {
  return join(env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local/state"), "scap/runs");
}

/** A name for a run that starts now; names sort by time. */
export function runName(now: Date): string {
  return now.toISOString().slice(0, -1).replaceAll(/[-:]/g, "").replaceAll(/[T.]/g, "-");
}

/** Keeps a run. Only its user can read it, since commands may hold secrets. */
export async function saveRun(directory: string, record: RunRecord): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, `${record.run}.json`), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  for (const name of (await keptRuns(directory)).slice(0, -KEPT)) {
    await rm(join(directory, `${name}.json`), { force: true });
  }
}

/**
 * Reads a run: by its name, `last` for the latest, or from a file that `--json` has written.
 *
 * @throws UsageError when there is no such run, or the file is none
 */
export async function loadRun(directory: string, wanted: string): Promise<RunRecord> {
  const kept = await keptRuns(directory);
  const name = wanted === "last" ? kept.at(-1) : kept.find((each) => each === wanted);
  if (name === undefined && wanted === "last") throw new UsageError(`No run is kept in ${directory}`);
  const path = name === undefined ? wanted : join(directory, `${name}.json`);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(
      `Cannot read run ${wanted}: ${readingFailure(error)}`,
      `Name one of ${directory}, 'last', or a file that --json has written.`,
    );
  });
  return parseRun(text, path);
}

/** Names of the runs that are kept, the oldest first. */
export async function keptRuns(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => /^\d{8}-\d{6}-\d{3}\.json$/.test(name))
    .map((name) => name.slice(0, -5))
    .toSorted();
}

function parseRun(text: string, path: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isRunRecord(value)) return value;
  throw new UsageError(`${path} holds no run`, "It must be the whole output of one `scap run --json`.");
}

function isRunRecord(value: unknown): value is RunRecord {
  const record = value as Partial<RunRecord> | null | undefined;
  const { failed, interrupted = [], notStarted = [], unfinished = [] } = record?.verdict ?? {};
  return (
    isTexts(record?.commands) &&
    isTexts(record.hosts) &&
    isTextOrNull(record.script) &&
    isTextOrNull(record.sudo) &&
    typeof failed === "object" &&
    failed !== null &&
    [...Object.values(failed), interrupted, notStarted, unfinished].every(isTexts)
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
