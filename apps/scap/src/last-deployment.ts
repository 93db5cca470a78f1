import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { readEvent } from "@scap/events";
import {
  foldDeployment,
  joinDeployments,
  lastPublished,
  logDirectory,
  type LoggedDeployment,
} from "@scap/deploy";
import { readRecords } from "@scap/log";
import { logFileOfTag } from "./logs/deploy-logger.ts";

/** Runs that put a revision onto hosts, unlike those that look or restart. */
const DEPLOYING: readonly string[] = ["deploy", "stages", "rollback"];

/**
 * The last deployment that the logs of a checkout tell about; undefined when there is none. What was published last
 * counts, then the times of the files, which a clock that was set back puts into a wrong order.
 *
 * @throws LogError `LOG_UNREADABLE` for a file that cannot be read
 */
export async function lastDeployment(checkout: string): Promise<LoggedDeployment | undefined> {
  const published = logFileOfTag((await lastPublished(checkout))?.tag ?? "");
  const paths = await newestFirst(logDirectory(checkout));
  const isPublished = (path: string): boolean => basename(path) === published;
  for (const path of [...paths.filter(isPublished), ...paths.filter((other) => !isPublished(other))]) {
    const found = await deploymentIn(path);
    if (found !== undefined && DEPLOYING.includes(found.started.mode)) return await withEarlier(found, paths);
  }
  return undefined;
}

/** A deployment that went on with others, which were interrupted, is judged by what they did as well. */
async function withEarlier(
  deployment: LoggedDeployment,
  paths: readonly string[],
): Promise<LoggedDeployment> {
  const { resumes } = deployment.started;
  const name = resumes === undefined ? undefined : logFileOfTag(resumes);
  const path = paths.find((each) => basename(each) === name);
  const earlier = path === undefined ? undefined : await deploymentIn(path);
  if (earlier === undefined) return deployment;
  // Each log is read once, whatever it says that it goes on with.
  const others = paths.filter((each) => each !== path);
  return joinDeployments(await withEarlier(earlier, others), deployment);
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
