import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

import { PROTOCOL_VERSION, type HelloResult } from "../../protocol.ts";
import { packBases, submoduleBases } from "../sources/pack-bases.ts";
import { completeRevisions, promotionTimes, readRevisionLinks } from "../revisions/revisions.ts";
import type { TargetPaths } from "../target-paths.ts";
import { readVerdicts } from "../revisions/verdicts.ts";

/** What is on this host, as a worker answers `hello` and `status`. Changes nothing. */
export async function readHostFacts(paths: TargetPaths): Promise<HelloResult> {
  const [complete, links, submodules, freeBytes, verdicts] = await Promise.all([
    completeRevisions(paths),
    readRevisionLinks(paths),
    submoduleBases(paths),
    freeSpace(paths.root),
    readVerdicts(paths),
  ]);
  return {
    protocol: PROTOCOL_VERSION,
    pid: process.pid,
    nodeVersion: process.version,
    completeRevisions: complete,
    bases: await packBases(paths, complete),
    submoduleBases: submodules,
    current: links.current,
    done: links.done,
    inProgress: links.inProgress,
    verdicts,
    promotedAtMs: await promotionTimes(paths, complete),
    freeBytes,
  };
}

async function freeSpace(path: string): Promise<number> {
  for (let directory = path; ; directory = dirname(directory)) {
    const found = await statfs(directory).catch(() => undefined);
    if (found !== undefined) return found.bavail * found.bsize;
    if (directory === "/") return 0;
  }
}
