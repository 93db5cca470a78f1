import { EXIT, type Invocation } from "@scap/cli";
import { printable, readGlobalLock, requestUnlock } from "@scap/lock";
import type { LockPlaces } from "../lock-places.ts";

/** Shows the global lock, asks, and has its holder give it up. */
export async function forceUnlock(
  invocation: Invocation,
  places: LockPlaces,
  { announce, message: reason }: { announce: (text: string) => void; message: string },
): Promise<number> {
  const { interrupts, options, prompt, stderr } = invocation;
  const state = readGlobalLock(places.globalLock);
  if (state.kind === "not-set") {
    stderr.write("No global lock is set: nothing to do.\n");
    return EXIT.ok;
  }
  const { locker = "?", timestampUtc = "?", reason: why = "?" } = state.note ?? {};
  const [who, since, text] = [locker, timestampUtc, why].map((field) => printable(field));
  stderr.write(`All repositories are locked by ${who} since ${since} UTC: ${text}\n`);
  if (!options.flag("yes") && !(await prompt.confirm("Remove this lock?", { default: false }))) {
    stderr.write("The lock stays. To remove it without a question, add --yes.\n");
    return EXIT.failed;
  }
  const outcome = await requestUnlock({
    reason,
    globalLock: places.globalLock,
    signal: interrupts.stop,
    ...(places.signalDir === undefined ? {} : { signalDir: places.signalDir }),
  });
  switch (outcome) {
    case "released":
      announce(`The lock of all repositories was removed: ${reason}`);
      return EXIT.ok;
    case "holder-gone":
      stderr.write("warning: nobody answered: the owner of the lock no longer runs, only its note is left\n");
      return EXIT.ok;
    case "still-held":
      stderr.write("The lock could not be removed: its holder did not answer.\n");
      stderr.write("See who it is with 'scap lock --status'.\n");
      return EXIT.failed;
    default:
      return outcome satisfies never;
  }
}
