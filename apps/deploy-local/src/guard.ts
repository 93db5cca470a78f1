import { runPromoteGuard } from "@scap/deploy";

import { unattended } from "./unattended.ts";

/**
 * Takes this host back because its deploy server did not confirm what it promoted.
 *
 * @param words - repository, its parent directory, token of the lease
 */
export async function guard([repo = "", gitDeployDir = "", token = ""]: readonly string[]): Promise<number> {
  return await unattended({ repo, gitDeployDir }, async (host) =>
    runPromoteGuard({ ...host, repo, gitDeployDir, token }),
  );
}
