import type { Submodule } from "@scap/git";

import type { DeployInfo } from "../../deploy-info.ts";
import { serverUrl } from "./server-url.ts";
import { submoduleUrl } from "./submodule-url.ts";

/** Where a submodule comes from. */
export interface SubmoduleOrigin {
  /** Its URL in `.gitmodules`; a relative one is resolved against its parent's origin. */
  readonly upstream: string;
  /** Where this host fetches it: the upstream, or the deploy server's checkout. */
  readonly remote: string;
  /** Server of its large files; undefined where git-lfs finds it by itself. */
  readonly lfsUrl: string | undefined;
}

/** The origins of submodules by their path below the git directory. Parents must come before their children. */
export function submoduleOrigins(
  submodules: readonly Submodule[],
  info: DeployInfo,
  repo: string,
): Map<string, SubmoduleOrigin> {
  const origins = new Map<string, SubmoduleOrigin>();
  const hasServer = info.git_server !== undefined && info.git_server !== "";
  const isUpstream = info.git_upstream_submodules === true;
  for (const { modulePath, name, url } of submodules) {
    const parent = origins.get(modulePath.slice(0, -`/modules/${name}`.length));
    const upstream = submoduleUrl(url, parent?.upstream ?? info.original_origin);
    const remote = isUpstream || !hasServer ? upstream : `${serverUrl(info, repo)}/.git/${modulePath}`;
    origins.set(modulePath, { upstream, remote, lfsUrl: isUpstream ? undefined : `${upstream}/info/lfs` });
  }
  return origins;
}
