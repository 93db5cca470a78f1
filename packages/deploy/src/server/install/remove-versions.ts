import { TargetError } from "../../errors.ts";
import { workerParcel, type WorkerFile } from "../delivery/worker-delivery.ts";
import { chooseRemovals, type RemovalChoice } from "./choose-removals.ts";
import { isInstalledName, removeScript } from "./installed-script.ts";
import { change, look, onHosts, type InstallOptions, type InstallResult } from "./work-on-hosts.ts";

/** What {@link removeVersions} needs. */
export interface RemoveVersionsOptions extends InstallOptions {
  readonly choice: RemovalChoice;
  /** The deploy server's own version, which stays. */
  readonly version: string;
  readonly workerFile: WorkerFile;
}

/**
 * Removes versions from hosts. What this deploy server's deployments use stays, and so does what processes of a host run
 * from; a host where a version stays for that reason fails when the version was named.
 */
export async function removeVersions(options: RemoveVersionsOptions): Promise<InstallResult[]> {
  const { choice, version, workerFile } = options;
  const own = { version, workerName: workerParcel(workerFile).name };
  return onHosts(options, async (host, connection) => {
    const { names, used } = chooseRemovals(await look(host, connection), choice, own);
    const removed = names.filter(isInstalledName);
    if (removed.length > 0) await change(host, connection, removeScript(removed));
    if (choice.kind === "named" && used.length > 0) throw inUse(host, used);
    return { sent: [], removed, installed: await look(host, connection) };
  });
}

function inUse(host: string, versions: readonly string[]): TargetError {
  return new TargetError(host, `scap ${versions.join(" and ")} is in use there and stays`, {
    code: "VERSION_IN_USE",
    hint: "A deployment, or a guard of one, runs from it. Try again when it has ended.",
  });
}
