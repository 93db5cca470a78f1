import { setTimeout as sleep } from "node:timers/promises";
import { trustedOwners, type OwnerCheck } from "./owner-check.ts";
import { UnlockFiles, type UnlockRequest } from "./unlock-files.ts";

/** How the holder of the global lock listens. */
export interface UnlockWatchOptions {
  /** @defaultValue `"/tmp"` */
  readonly signalDir?: string;
  /** Who may ask, by the owner of the request. @defaultValue root and the user of this process */
  readonly isTrustedOwner?: OwnerCheck;
  /** Ends the watching; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told about a request of somebody who may not ask. */
  readonly onRefused?: (request: UnlockRequest) => void;
}

/** A request that was granted. */
export interface GrantedUnlock extends UnlockRequest {
  /** Answers the requester and waits until it has read the answer. Release the lock then, and call `finish`. */
  readonly answer: () => Promise<void>;
  /** Removes the answer; call it when the process is about to end. */
  readonly finish: () => void;
}

const LOOK_EVERY_MS = 500;
const ANSWER_LOOK_EVERY_MS = 100;
const LONGEST_ANSWER_MS = 30_000;

/**
 * Waits until somebody who may do so asks to give the global lock up. Requests that were there before are old ones
 * and are ignored; damaged ones are looked at again when they change.
 */
export async function watchForUnlock(options: UnlockWatchOptions = {}): Promise<GrantedUnlock> {
  const { signal, isTrustedOwner = trustedOwners() } = options;
  const files = new UnlockFiles(options.signalDir);
  let seen = files.requestIdentity();
  for (;;) {
    await pause(LOOK_EVERY_MS, signal);
    const identity = files.requestIdentity();
    const request = identity === undefined || identity === seen ? undefined : files.readRequest();
    if (!request) continue;
    seen = identity;
    if (isTrustedOwner(request.ownerUid)) return grant(request, files, signal);
    options.onRefused?.(request);
  }
}

function grant(request: UnlockRequest, files: UnlockFiles, signal: AbortSignal | undefined): GrantedUnlock {
  return {
    ...request,
    async answer() {
      files.writeAnswer();
      for (let waited = 0; waited < LONGEST_ANSWER_MS; waited += ANSWER_LOOK_EVERY_MS) {
        if (files.requestIdentity() === undefined) return;
        await pause(ANSWER_LOOK_EVERY_MS, signal);
      }
    },
    finish: () => files.removeAnswer(),
  };
}

async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(durationMs, undefined, signal ? { signal } : {});
  } catch {
    signal?.throwIfAborted();
  }
}
