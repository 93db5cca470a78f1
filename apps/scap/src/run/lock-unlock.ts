import { EXIT, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { etcdLockStatus, printable, readGlobalLock, requestUnlock, type UnlockOutcome } from "@scap/lock";
import { etcdPlaces } from "../etcd-lock.ts";
import type { LockPlaces } from "../lock-places.ts";
import type { LockWork } from "./lock-hold.ts";

/** What came of it, in the words of `--json`. The exit status cannot tell: old scripts know 0 and 1. */
type Outcome = UnlockOutcome | "not-set" | "declined";

/** Shows the global lock, asks, and has its holder give it up. */
export async function forceUnlock(
  invocation: Invocation,
  places: LockPlaces,
  unlocking: LockWork,
): Promise<number> {
  const outcome = await unlock(invocation, places, unlocking);
  if (invocation.options.flag("json")) invocation.stdout.write(`${JSON.stringify({ outcome })}\n`);
  return outcome === "still-held" || outcome === "declined" ? EXIT.failed : EXIT.ok;
}

async function unlock(
  invocation: Invocation,
  places: LockPlaces,
  { announce, config, message: reason }: LockWork,
): Promise<Outcome> {
  const { interrupts, options, prompt, stderr } = invocation;
  const state = readGlobalLock(places.globalLock);
  if (state.kind === "not-set") {
    if (await isHeldElsewhere(invocation, config)) return "still-held";
    stderr.write("No global lock is set: nothing to do.\n");
    return "not-set";
  }
  const { locker = "?", timestampUtc = "?", reason: why = "?" } = state.note ?? {};
  const [who, since, text] = [locker, timestampUtc, why].map((field) => printable(field));
  stderr.write(`All repositories are locked by ${who} since ${since} UTC: ${text}\n`);
  if (!options.flag("yes") && !(await prompt.confirm("Remove this lock?", { default: false }))) {
    stderr.write("The lock stays. To remove it without a question, add --yes.\n");
    return "declined";
  }
  const outcome = await requestUnlock({
    reason,
    globalLock: places.globalLock,
    signal: interrupts.stop,
    ...(places.signalDir === undefined ? {} : { signalDir: places.signalDir }),
  });
  tell(outcome, { announce, reason, stderr });
  return outcome;
}

function tell(
  outcome: UnlockOutcome,
  { announce, reason, stderr }: Pick<LockWork, "announce"> & Pick<Invocation, "stderr"> & { reason: string },
): void {
  switch (outcome) {
    case "released":
      return announce(`The lock of all repositories was removed: ${reason}`);
    case "holder-gone":
      stderr.write("warning: nobody answered: the owner of the lock no longer runs, only its note is left\n");
      return;
    case "still-held":
      stderr.write("The lock could not be removed: its holder did not answer.\n");
      stderr.write("See who it is with 'scap lock --status'.\n");
      return;
    default:
      return outcome satisfies never;
  }
}

/** The holder of the lock in etcd is only reached on its own deploy server. */
async function isHeldElsewhere({ interrupts, stderr }: Invocation, config: Config): Promise<boolean> {
  const shared = etcdPlaces(config);
  if (shared === undefined) return false;
  const [lock] = await etcdLockStatus({ ...shared, signal: interrupts.stop });
  if (lock === undefined || !lock.global) return false;
  const [who, where, why] = [lock.locker, lock.host, lock.reason].map((field) => printable(field ?? "?"));
  stderr.write(`All repositories are locked by ${who} (pid ${lock.pid ?? "?"}) on ${where}: ${why}\n`);
  stderr.write(`That lock is in etcd: run 'scap lock --unlock-all' on ${where}.\n`);
  return true;
}
