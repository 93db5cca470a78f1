import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { refreshCdbDirectory } from "@scap/cdb";
import { EXIT, UsageError, type Invocation } from "@scap/cli";
import { openSession } from "../session.ts";
import { l10nReporter } from "./l10n-reporter.ts";

/** Writes the JSON and MD5 files of one localisation cache. */
export async function runCdbJsonRefresh(invocation: Invocation): Promise<number> {
  const { isVerbose } = await openSession(invocation);
  const { cwd, interrupts, options, stderr } = invocation;
  const reporter = l10nReporter({ stderr, title: "cdb update", hasProgress: isVerbose, isVerbose });
  const directory = resolve(cwd, options.string("directory") ?? "");
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new UsageError(`There is no directory ${directory}`, "Give -d the directory of the CDB files.");
  const result = await refreshCdbDirectory({
    directory,
    threads: options.integer("threads") ?? 0,
    prune: options.flag("prune"),
    signal: interrupts.stop,
    onEvent: reporter.onEvent,
  });
  reporter.finish(result, "JSON");
  return result.failures.length === 0 ? EXIT.ok : EXIT.failed;
}
