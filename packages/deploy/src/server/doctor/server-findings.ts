import { access } from "node:fs/promises";
import { largeFilePointers, localLargeFiles } from "@scap/git";
import { descriptorShortage, type SshPool } from "@scap/ssh-job";
import type { Runtimes } from "../delivery/runtimes.ts";
import { sizeText } from "../delivery/delivery-notes.ts";
import type { PreparedDeployment } from "../plan/prepare.ts";
import type { Finding } from "./finding.ts";

/** What of a check tells about the deploy server. */
interface ServerFacts {
  readonly pool: SshPool;
  readonly prepared: PreparedDeployment;
  readonly runtimes: Runtimes;
}

/** What is wrong with the deploy server itself. */
export async function serverFindings(
  { pool, prepared, runtimes }: ServerFacts,
  hosts: number,
): Promise<Finding[]> {
  const shortage = await descriptorShortage(hosts, pool.descriptorsPerHost);
  const missing = await Promise.all(
    runtimes.files.map(async (file) => ((await isReadable(file)) ? [] : [missingFile(file)])),
  );
  return [
    ...(shortage === undefined ? [] : [tooFewDescriptors(hosts, shortage)]),
    ...missing.flat(),
    ...(await absentLargeFiles(prepared)),
  ];
}

/** What this checkout lacks of large files, every host fetches from their server; without a server it is nowhere. */
async function absentLargeFiles({ plan, repository, settings }: PreparedDeployment): Promise<Finding[]> {
  const { commit } = plan;
  if (!settings.hasLfs || plan.transfer !== "ssh") return [];
  const here = new Set((await localLargeFiles(repository.commonDirectory, commit)).map(({ id }) => id));
  const pointers = await largeFilePointers(repository.commonDirectory, commit);
  const absent = new Map(pointers.filter(({ id }) => !here.has(id)).map(({ bytes, id }) => [id, bytes]));
  if (absent.size === 0) return [];
  const hasOrigin = (await repository.remoteUrl()) !== "";
  const bytes = [...absent.values()].reduce((sum, each) => sum + each, 0);
  const files = `${absent.size} large file${absent.size === 1 ? "" : "s"} (${sizeText(bytes)})`;
  const lack = `this checkout lacks the content of ${files}`;
  return [
    {
      level: hasOrigin ? "note" : "problem",
      code: "LARGE_FILES_ABSENT",
      cause: `${lack}, ${hasOrigin ? "which each host fetches from the origin" : "and has no origin to fetch from"}`,
      hosts: [],
      details: [],
      repair: hasOrigin ? `git lfs fetch origin ${commit.slice(0, 7)}` : "git remote add origin URL",
    },
  ];
}

/** A deployment keeps the connections to all of its hosts open. */
function tooFewDescriptors(hosts: number, { limit, needed }: { limit: number; needed: number }): Finding {
  return {
    level: "problem",
    code: "TOO_MANY_FILES",
    cause: `this deploy server may open ${limit} files, and ${hosts} hosts need ${needed}`,
    hosts: [],
    details: [],
    repair: `ulimit -n ${needed}`,
  };
}

function missingFile(file: string): Finding {
  return {
    level: "problem",
    code: "BAD_RUNTIME",
    cause: `runtime_files names ${file}, which cannot be read on this deploy server`,
    hosts: [],
    details: [],
    repair: "scap config explain runtime_files",
  };
}

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
