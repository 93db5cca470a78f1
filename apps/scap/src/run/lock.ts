import { CliError, EXIT, type Invocation } from "@scap/cli";
import { announcer } from "../announcer.ts";
import { lockPlaces } from "../lock-places.ts";
import { openSession } from "../session.ts";
import { lockInBackground } from "./lock-background.ts";
import { holdLock } from "./lock-hold.ts";
import { showLocks } from "./lock-status.ts";
import { forceUnlock } from "./lock-unlock.ts";

/** `scap lock`. */
export async function runLock(invocation: Invocation): Promise<number> {
  const { options } = invocation;
  if (options.flag("status")) {
    const { config } = await openSession(invocation);
    return showLocks(invocation, config);
  }
  refuseWrongCombinations(invocation);
  const message = invocation.words("message").join(" ");
  if (message === "") {
    throw refusal("A message is required", "Say why: scap lock 'database maintenance'");
  }
  const { config } = await openSession(invocation);
  const places = lockPlaces(config);
  if (options.flag("bg")) return lockInBackground(invocation);
  const { announce, close } = await announcer(invocation, config);
  try {
    const work = options.flag("unlock-all") ? forceUnlock : holdLock;
    return await work(invocation, places, { announce, config, message });
  } finally {
    await close();
  }
}

function refuseWrongCombinations({ options }: Invocation): void {
  const isUnlock = options.flag("unlock-all");
  if (options.flag("yes") && !isUnlock) throw refusal("--yes only goes with --unlock-all");
  if (!options.flag("bg")) return;
  if (isUnlock) throw refusal("--bg does not go with --unlock-all");
  if (!options.flag("all") && !options.flag("for") && !options.flag("until")) {
    throw refusal("--bg only goes with --all, --for or --until", "Say when the lock ends: --bg --for 30m");
  }
}

function refusal(message: string, hint?: string): CliError {
  const base = { code: "LOCK_USAGE", exitCode: EXIT.failed };
  return new CliError(message, hint === undefined ? base : { ...base, hint });
}
