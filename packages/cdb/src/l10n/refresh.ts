import { mkdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "../errors.ts";
import { flushDirectory, removeStaleTempFiles } from "../temp-file.ts";
import {
  cacheFile,
  isCacheFileName,
  listNames,
  requireDirectory,
  resolveThreads,
  upstreamOf,
} from "./cache-files.ts";
import type { L10nOptions, L10nResult } from "./events.ts";
import { ResultCollector } from "./result-collector.ts";
import { runTasks, type TaskOutcome } from "./worker-pool.ts";

/** How JSON files are refreshed. */
export interface RefreshOptions extends L10nOptions {
  /** Remove JSON and MD5 files that have no CDB file. @defaultValue false */
  readonly prune?: boolean;
}

/**
 * Writes the JSON and MD5 files in `upstream` for the CDB files of a localisation cache that have changed. One file
 * that cannot be done does not stop the others; see `failures`.
 *
 * @throws {@link CdbError} `CDB_IO` if the directory cannot be used, `CDB_ABORTED` on the signal
 */
export async function refreshCdbDirectory(options: RefreshOptions): Promise<L10nResult> {
  const { directory, signal } = options;
  requireDirectory(directory);
  const upstream = upstreamOf(directory);
  makeUpstream(upstream);
  removeStaleTempFiles(upstream, isCacheFileName);
  const names = listNames(directory, ".cdb").map((stem) => `${stem}.cdb`);
  const results = new ResultCollector(options, names.length);
  const tasks = names.map((name) => ({ ...cacheFile(directory, name), kind: "refresh" as const }));
  const onOutcome = (outcome: TaskOutcome): void => noteOutcome(outcome, results);
  const threads = resolveThreads(options.threads);
  await runTasks(tasks, { threads, inputOf: ({ cdbPath }) => cdbPath, signal, onOutcome });
  const pruned = options.prune === true && signal?.aborted !== true ? prune(upstream, new Set(names)) : [];
  flushDirectory(upstream);
  return results.finish(signal, pruned);
}

function makeUpstream(upstream: string): void {
  try {
    mkdirSync(upstream, { recursive: true });
  } catch (error) {
    throw ioError("create", upstream, error);
  }
}

function noteOutcome(outcome: TaskOutcome, results: ResultCollector): void {
  if ("error" in outcome) {
    results.failure(outcome.name, outcome.error);
    return;
  }
  for (const warning of outcome.result.warnings) results.warning(warning);
  results.file(outcome.name, outcome.result.action);
}

function prune(upstream: string, names: ReadonlySet<string>): string[] {
  const pruned: string[] = [];
  for (const suffix of [".json", ".MD5"]) {
    for (const name of listNames(upstream, suffix)) {
      if (!name.endsWith(".cdb") || names.has(name)) continue;
      unlinkSync(join(upstream, name + suffix));
      pruned.push(name + suffix);
    }
  }
  return pruned;
}
