import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeLooseRecord } from "../decode-record.ts";
import { type DeploymentTiming, foldTiming } from "./deployment-timing.ts";
import { LineScanner } from "./line-scanner.ts";
import { readFileSource } from "./read-source.ts";

/** Which deployments are wanted. */
export interface HistoryOptions {
  /** Directory of the log files, normally `scap/log` of the repository. A missing one has no history. */
  readonly directory: string;
  /** Most deployments, the newest first. @defaultValue 20 */
  readonly limit?: number;
  /** Most files that are read, the last written first. @defaultValue all */
  readonly files?: number;
  /** Ends the reading early. */
  readonly signal?: AbortSignal;
}

/**
 * The deployments that the log files of a directory tell about, the newest first. Only lines about events are parsed;
 * files without any, such as the original's, add nothing.
 *
 * @throws LogError with code `LOG_UNREADABLE` for a file that cannot be read
 */
export async function readHistory(options: HistoryOptions): Promise<DeploymentTiming[]> {
  const { directory, files, limit = 20, signal = new AbortController().signal } = options;
  const found: DeploymentTiming[] = [];
  const paths = logNames(directory).map((name) => join(directory, name));
  for (const path of files === undefined ? paths : newest(paths, files))
    found.push(...(await deploymentsIn(path, signal)));
  return found.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, limit);
}

async function deploymentsIn(path: string, signal: AbortSignal): Promise<DeploymentTiming[]> {
  const found: DeploymentTiming[] = [];
  let timing: DeploymentTiming | undefined;
  const scanner = new LineScanner({
    needles: ['"event"'],
    onOversized: () => undefined,
    onLine: (line) => {
      const record = decodeLooseRecord(line);
      if (!record) return;
      if (record["event"] === "deploy.started" && timing) found.push(timing);
      timing = foldTiming(timing, record);
    },
  });
  await readFileSource(path, { scanner, signal, pause: () => Promise.resolve() });
  return timing ? [...found, timing] : found;
}

function newest(paths: readonly string[], count: number): string[] {
  return paths
    .map((path) => ({ path, writtenMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.writtenMs - a.writtenMs)
    .slice(0, count)
    .map(({ path }) => path);
}

function logNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".log"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
