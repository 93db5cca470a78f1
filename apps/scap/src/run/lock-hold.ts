import { EXIT, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import {
  acquireLocks,
  ETCD_GLOBAL_NAME,
  printable,
  trustedOwners,
  watchForUnlock,
  type GrantedUnlock,
  type HeldLocks,
} from "@scap/lock";
import { formatDuration } from "@scap/log";
import { lostText } from "../deploy-lock.ts";
import { etcdLock } from "../etcd-lock.ts";
import { parseDuration } from "../parse-duration.ts";
import type { LockPlaces } from "../lock-places.ts";
import { lockWaiting } from "../lock-waiting.ts";
import { msUntil } from "../ms-until.ts";

/** What ends the holding of a lock. */
type End =
  | { readonly kind: "asked" | "time" | "stopped" | "lost" }
  | { readonly kind: "forced"; readonly unlock: GrantedUnlock };

/** What `scap lock` works with besides its options. */
export interface LockWork {
  readonly config: Config;
  readonly announce: (text: string) => void;
  readonly message: string;
}

/** Takes the lock and keeps it until Enter, the end of the time, a forced unlock, a signal or its loss. */
export async function holdLock(
  invocation: Invocation,
  places: LockPlaces,
  { announce, config, message }: LockWork,
): Promise<number> {
  const { interrupts, options, stderr } = invocation;
  const timeLeft = holdingTime(invocation);
  const lock = await takeLock(invocation, { config, places, reason: message });
  if (lock === undefined) return interrupts.exitCode;
  const heldSince = performance.now();
  const label = options.flag("all") ? "ALL REPOSITORIES" : places.label;
  announce(`Locked [${label}]: ${message}`);
  const over = new AbortController();
  let end: End;
  try {
    if (options.flag("held-for-parent")) leaveParent(invocation);
    const lost = whenAborted(lock.lost, "lost");
    end = await Promise.race([lost, ...endings(invocation, places, { timeLeft, over: over.signal })]);
    if (end.kind === "forced") await grantUnlock(end.unlock, invocation);
  } finally {
    over.abort(new Error("the lock is released"));
    await lock.release();
    invocation.stdin.destroy();
  }
  const seconds = (performance.now() - heldSince) / 1000;
  announce(`Unlocked [${label}]: ${message} (duration: ${formatDuration(seconds)})`);
  if (end.kind === "forced") end.unlock.finish();
  if (end.kind === "lost") {
    stderr.write(lostText(lock.lost));
    return EXIT.failed;
  }
  return end.kind === "stopped" && interrupts.exitCode !== EXIT.interrupted ? interrupts.exitCode : EXIT.ok;
}

async function takeLock(
  { interrupts, options, stderr }: Invocation,
  { config, places, reason }: { config: Config; places: LockPlaces; reason: string },
): Promise<HeldLocks | undefined> {
  const { globalLock, group, label, specificLock } = places;
  const timeout = options.string("lock-timeout");
  const waiting = lockWaiting(stderr);
  try {
    return await acquireLocks({
      local: {
        path: options.flag("all") ? globalLock : specificLock,
        name: "lock",
        reason,
        globalLock,
        signal: interrupts.stop,
        ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, "--lock-timeout") }),
        onWaiting: waiting.onWaiting,
        ...(group === undefined ? {} : { group }),
      },
      etcd: etcdLock(config, options.flag("all") ? ETCD_GLOBAL_NAME : label, waiting),
    });
  } catch (error) {
    if (interrupts.stop.aborted) return undefined;
    throw error;
  } finally {
    waiting.close();
  }
}

function endings(
  invocation: Invocation,
  places: LockPlaces,
  { over, timeLeft }: { timeLeft: (() => number) | undefined; over: AbortSignal },
): Promise<End>[] {
  const { interrupts, options, stderr } = invocation;
  const ends: Promise<End>[] = [whenAborted(interrupts.stop)];
  if (timeLeft !== undefined) ends.push(after(timeLeft(), over));
  if (options.flag("all")) ends.push(whenForced(places, over, stderr));
  const isBackground = options.flag("held-for-parent");
  if (!isBackground && (timeLeft === undefined || invocation.stdin.isTTY === true))
    ends.push(whenAsked(invocation));
  return ends;
}

/**
 * How many milliseconds the lock is still to be kept, told anew with each call; undefined without a limit. Read before
 * the lock is taken, so that a time that makes no sense locks nothing.
 */
function holdingTime({ options }: Invocation): (() => number) | undefined {
  const [length, time] = [options.string("for"), options.string("until")];
  if (length === undefined && time === undefined) return undefined;
  const lengthMs = length === undefined ? Infinity : parseDuration(length, "--for");
  const endMs = time === undefined ? Infinity : Date.now() + msUntil(time, "--until");
  return () => Math.max(0, Math.min(lengthMs, endMs - Date.now()));
}

function whenAborted(signal: AbortSignal, kind: "stopped" | "lost" = "stopped"): Promise<End> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ kind });
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

function after(durationMs: number, over: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "time" }), Math.min(durationMs, LONGEST_TIMER_MS));
    over.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}

function whenAsked({ options, stderr, stdin }: Invocation): Promise<End> {
  if (stdin.isTTY === true) stderr.write("Press Enter to unlock.\n");
  else if (!options.flag("wait-stdin")) {
    stderr.write("Standard input is no terminal: unlocking as soon as it can be read or ends (see --for).\n");
  }
  return new Promise((resolve) => {
    const end = (): void => resolve({ kind: "asked" });
    stdin.once("readable", end).once("error", end).once("close", end);
  });
}

async function whenForced(
  { group, signalDir }: LockPlaces,
  signal: AbortSignal,
  stderr: Invocation["stderr"],
): Promise<End> {
  try {
    const unlock = await watchForUnlock({
      ...(signalDir === undefined ? {} : { signalDir }),
      isTrustedOwner: trustedOwners(group),
      signal,
      onRefused: ({ ownerUid }) =>
        stderr.write(`warning: user id ${ownerUid} asked for a forced unlock but may not do so\n`),
    });
    return { kind: "forced", unlock };
  } catch (error) {
    if (signal.aborted) return { kind: "stopped" };
    throw error;
  }
}

async function grantUnlock(unlock: GrantedUnlock, { stderr }: Invocation): Promise<void> {
  const [releaser, reason] = [unlock.releaser, unlock.reason].map((text) => printable(text));
  stderr.write(`Forced unlock by ${releaser} (user id ${unlock.ownerUid}): ${reason}\n`);
  await unlock.answer();
}

function leaveParent({ stderr }: Invocation): void {
  // The parent goes with the other end of the pipe: from now on nobody reads, and that must not end this process.
  stderr.on("error", () => {});
  process.send?.("locked");
  process.disconnect?.();
}
