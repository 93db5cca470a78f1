import { statSync } from "node:fs";
import { removeStaleTempFiles, flushDirectory } from "../temp-file.ts";
import {
  type CacheFile,
  cacheFile,
  isCacheFileName,
  listNames,
  requireDirectory,
  resolveThreads,
  upstreamOf,
} from "./cache-files.ts";
import type { L10nOptions, L10nResult } from "./events.ts";
import { type FileTimes, fileTimes, isSameTime } from "./file-times.ts";
import type { RebuildTask } from "./rebuild-file.ts";
import { ResultCollector } from "./result-collector.ts";
import { readState, type RebuildState, writeState } from "./state-file.ts";
import { runTasks, type TaskOutcome } from "./worker-pool.ts";

/** How CDB files are rebuilt. */
export interface RebuildOptions extends L10nOptions {
  /** Rebuild every file, needed or not. @defaultValue false */
  readonly force?: boolean;
  /**
   * How to know whether a CDB file is up to date: `"time"` compares the times of CDB and JSON and the state file, and
   * the MD5 only if these leave a doubt; `"md5"` reads every CDB file. @defaultValue "time"
   */
  readonly trust?: "time" | "md5";
  /**
   * What to do if a new CDB file does not have the MD5 in the MD5 file: keep the old one and fail, or only warn, for
   * deploy servers that wrote duplicate keys. @defaultValue "fail"
   */
  readonly onMd5Mismatch?: "fail" | "warn";
  /** Take a directory that is not there for an empty one, which is only a warning. @defaultValue false */
  readonly allowMissing?: boolean;
}

/**
 * Makes the CDB files of a localisation cache from `upstream/*.json`, where needed. One file that cannot be made does
 * not stop the others; see `failures`.
 *
 * @throws {@link CdbError} `CDB_IO` if the directory cannot be read, `CDB_ABORTED` on the signal
 */
export async function rebuildCdbDirectory(options: RebuildOptions): Promise<L10nResult> {
  const { directory, signal } = options;
  if (options.allowMissing !== true) requireDirectory(directory);
  const upstream = upstreamOf(directory);
  const names = listNames(upstream, ".json");
  const results = new ResultCollector(options, names.length);
  if (names.length === 0) {
    results.warning(`${upstream} is empty: there is nothing to rebuild`);
    return results.finish(signal);
  }
  removeStaleTempFiles(directory, isCacheFileName);
  const state = readState(directory);
  const before = JSON.stringify([...state]);
  const tasks = chooseTasks(names, options, state, results);
  warnAboutLeftovers(directory, names, results);
  const onOutcome = (outcome: TaskOutcome): void => noteOutcome(outcome, state, results);
  if (tasks.length > 0) {
    const threads = resolveThreads(options.threads);
    await runTasks(tasks, { threads, inputOf: ({ jsonPath }) => jsonPath, signal, onOutcome });
    flushDirectory(directory);
  }
  saveState(directory, state, before, results);
  return results.finish(signal);
}

function chooseTasks(
  names: string[],
  options: RebuildOptions,
  state: RebuildState,
  results: ResultCollector,
): RebuildTask[] {
  const md5Names = new Set(listNames(upstreamOf(options.directory), ".MD5"));
  const tasks: RebuildTask[] = [];
  for (const name of names) {
    const file = cacheFile(options.directory, name);
    if (!md5Names.has(name)) {
      results.warning(`${file.jsonPath} has no MD5 file: skipped`);
      results.file(name, "skipped");
      continue;
    }
    const need = needOf(file, options, state.get(name));
    if (need === "none") results.file(name, "unchanged");
    else
      tasks.push({
        ...file,
        kind: "rebuild",
        keepIfMd5Matches: need === "unclear",
        onMd5Mismatch: options.onMd5Mismatch ?? "fail",
      });
  }
  return tasks;
}

/** Whether a CDB file must be rebuilt; if that is unclear, its MD5 decides. */
function needOf(
  file: CacheFile,
  options: RebuildOptions,
  built: FileTimes | undefined,
): "rebuild" | "none" | "unclear" {
  const cdb = statSync(file.cdbPath, { bigint: true, throwIfNoEntry: false });
  const json = statSync(file.jsonPath, { bigint: true, throwIfNoEntry: false });
  if (options.force === true || cdb === undefined || json === undefined) return "rebuild";
  if (options.trust === "md5") return "unclear";
  const now = fileTimes(json);
  if (!isSameTime(fileTimes(cdb).mtimeUs, now.mtimeUs)) return "rebuild";
  if (built === undefined) return "unclear";
  return built.sizeBytes === now.sizeBytes && built.mtimeUs === now.mtimeUs ? "none" : "rebuild";
}

function warnAboutLeftovers(directory: string, names: string[], results: ResultCollector): void {
  const known = new Set(names);
  for (const stem of listNames(directory, ".cdb")) {
    if (!known.has(`${stem}.cdb`))
      results.warning(`${directory}/${stem}.cdb has no JSON file in upstream: left as it is`);
  }
  for (const name of listNames(upstreamOf(directory), ".MD5")) {
    if (!known.has(name)) results.warning(`${upstreamOf(directory)}/${name}.MD5 has no JSON file: skipped`);
  }
}

function noteOutcome(outcome: TaskOutcome, state: RebuildState, results: ResultCollector): void {
  if ("error" in outcome) {
    // What the old CDB file was made of is still true, but it must be tried again.
    state.delete(outcome.name);
    results.failure(outcome.name, outcome.error);
    return;
  }
  const { name, result } = outcome;
  for (const warning of result.warnings) results.warning(warning);
  if ("json" in result) state.set(name, result.json);
  results.file(name, result.action);
}

/** A state file that cannot be written costs time in the next run, and nothing else. */
function saveState(directory: string, state: RebuildState, before: string, results: ResultCollector): void {
  if (JSON.stringify([...state]) === before) return;
  try {
    writeState(directory, state);
  } catch (error) {
    results.warning(error instanceof Error ? error.message : String(error));
  }
}
