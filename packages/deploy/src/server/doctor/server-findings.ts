import { access } from "node:fs/promises";
import { descriptorShortage, type SshPool } from "@scap/ssh-job";
import type { Runtimes } from "../delivery/runtimes.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with the deploy server itself. */
export async function serverFindings(
  { pool, runtimes }: { pool: SshPool; runtimes: Runtimes },
  hosts: number,
): Promise<Finding[]> {
  const shortage = await descriptorShortage(hosts, pool.descriptorsPerHost);
  const missing = await Promise.all(
    runtimes.files.map(async (file) => ((await isReadable(file)) ? [] : [missingFile(file)])),
  );
  return [...(shortage === undefined ? [] : [tooFewDescriptors(hosts, shortage)]), ...missing.flat()];
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
    repair: "scap config show runtime_files",
  };
}

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
