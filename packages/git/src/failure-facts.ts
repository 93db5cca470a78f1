import { stat } from "node:fs/promises";

import type { GitErrorCode } from "./errors.ts";
import { accountOf } from "./identity.ts";

/** Where git names the file that is in its way, by the kind of failure. */
const PLACES: Partial<Record<GitErrorCode, RegExp>> = {
  LOCKED: /'([^'\n]+\.lock)'/,
  DUBIOUS_OWNERSHIP: /dubious ownership in repository at '([^'\n]+)'/,
};

/**
 * What git does not say of the file that is in its way and a person must know: whose it is, and how old a lock is.
 * Empty where there is no such file, or nothing can be learnt of it.
 */
export async function failureFacts(code: GitErrorCode, stderr: string): Promise<string> {
  const path = PLACES[code]?.exec(stderr)?.[1];
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (found === undefined) return "";
  const { user } = await accountOf(String(found.uid));
  if (code !== "LOCKED") return `it belongs to ${user}`;
  return `the lock file belongs to ${user} and was made ${ageText(Date.now() - found.mtimeMs)} ago`;
}

function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
