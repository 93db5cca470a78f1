import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readEvent } from "@scap/events";
import { foldDeployment, type LoggedDeployment } from "@scap/deploy";
import { readRecords } from "@scap/log";

/** Runs that put a revision onto hosts, unlike those that look or restart. */
const DEPLOYING: readonly string[] = ["deploy", "stages", "rollback"];

/**
 * The last deployment that the logs of a directory tell about; undefined when there is none.
 *
 * @throws LogError `LOG_UNREADABLE` for a file that cannot be read
 */
export async function lastDeployment(directory: string): Promise<LoggedDeployment | undefined> {
  for (const path of await newestFirst(directory)) {
    const found = await deploymentIn(path);
    if (found !== undefined && DEPLOYING.includes(found.started.mode)) return found;
  }
  return undefined;
}

async function deploymentIn(path: string): Promise<LoggedDeployment | undefined> {
  let known: LoggedDeployment | undefined;
  await readRecords(path, {
    onRecord: (record) => {
      // What a target says is never taken for an event of the deployment.
      const event = String(record.name).startsWith("target.") ? undefined : readEvent({ ...record });
      if (event !== undefined) known = foldDeployment(known, event);
    },
  });
  return known;
}

async function newestFirst(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const paths = names.filter((name) => name.endsWith(".log")).map((name) => join(directory, name));
  const dated = await Promise.all(paths.map(async (path) => ({ path, atMs: (await stat(path)).mtimeMs })));
  return dated.toSorted((a, b) => b.atMs - a.atMs).map(({ path }) => path);
}
