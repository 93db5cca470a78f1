import { spawn } from "node:child_process";

import { hasEnded, leaseFile, leaseNote, type PromoteLease } from "./lease.ts";
import { goBack } from "./go-back.ts";
import { restoreDone } from "../repair/restore-done.ts";
import { repairSwitch } from "../revisions/repair-switch.ts";
import { resolveTargetPaths, targetPaths, type TargetPaths } from "../target-paths.ts";
import type { UnattendedHost } from "./unattended-context.ts";
import { takeWriterSeat } from "../writer-seat.ts";

/**
 * Watches a lease and ends with it. It is a shell in a session of its own, so that it outlives the worker, sshd and the
 * connection, costs next to nothing while it waits, and needs no clock that somebody can set. When the time is over it
 * starts the command that takes the host back; one that fails is tried again, in case somebody else was at work.
 *
 * Arguments: lease file, token, command.
 */
const GUARD = `
file=$1 token=$2; shift 2
tries=0
trap '' HUP
while [ "$tries" -lt 20 ] && read -r lease <"$file"; do
  case $lease in *'"token":"'"$token"'"'*) ;; *) exit 0 ;; esac
  deadline=\${lease#*'"deadline":'}; deadline=\${deadline%%[!0-9]*}
  read -r now rest </proc/uptime
  if [ "\${now%%.*}" -ge "$deadline" ]; then
    "$@" && exit 0
    tries=$((tries + 1))
    sleep 4
  fi
  sleep 1
done
`;

/** How this program is started again, for what outlives it: program and first arguments; the rest is added. */
export type OwnCommand = readonly [string, ...string[]];

/** What {@link startPromoteGuard} needs. */
export interface StartPromoteGuardOptions {
  readonly paths: TargetPaths;
  readonly lease: PromoteLease;
  /** Parent directory of repositories, as the worker was told. */
  readonly gitDeployDir: string;
  readonly command: OwnCommand;
}

/** Starts the process that outlives this one and takes the host back when the lease ends. */
export function startPromoteGuard({ command, gitDeployDir, lease, paths }: StartPromoteGuardOptions): void {
  const words = [...command, "guard", paths.repo, gitDeployDir, lease.token];
  const guard = spawn("/bin/sh", ["-c", GUARD, "scap-guard", leaseFile(paths), lease.token, ...words], {
    stdio: "ignore",
    detached: true,
    cwd: "/",
  });
  // Without a guard the next worker that comes still finds the lease.
  guard.on("error", () => {});
  guard.unref();
}

/** What {@link runPromoteGuard} needs. */
export interface PromoteGuardOptions extends UnattendedHost {
  readonly repo: string;
  readonly gitDeployDir: string;
  /** Of the lease. */
  readonly token: string;
}

/**
 * Takes the host back to its previous revision if the lease still stands and has ended. A worker of the run that did not
 * confirm is ended first; one of a newer run is waited for, and then decides.
 *
 * @throws TargetWorkError when the host could not be taken back now
 */
export async function runPromoteGuard(options: PromoteGuardOptions): Promise<void> {
  const paths = await resolveTargetPaths(targetPaths(options.repo, options.gitDeployDir));
  const lease = await leaseNote(paths).read();
  if (lease === undefined || lease.token !== options.token || !(await hasEnded(lease))) return;
  const seat = await takeWriterSeat(paths, { kind: "guard", run: lease.run });
  try {
    const assertHeld = async (): Promise<void> => await seat.assertHeld();
    await restoreDone({ ...options, paths, assertHeld });
    await repairSwitch({ paths, now: new Date(), assertHeld });
    await goBack({ ...options, paths, assertHeld, marker: seat.marker });
  } finally {
    await seat.release();
  }
}
