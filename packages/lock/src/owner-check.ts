import { execFileSync } from "node:child_process";
import { LockError } from "./errors.ts";
import type { NativeLocks } from "./native-locks.ts";

/** Whether the owner of a lock file may be trusted with it. */
export type OwnerCheck = (uid: number) => boolean;

/** The group of the people who deploy. */
export interface LockGroup {
  readonly name: string;
  readonly id: number;
  readonly isTrustedOwner: OwnerCheck;
}

/**
 * The group of the people who deploy, as lock files need it.
 *
 * @throws LockError `LOCK_BAD_OPTION` when this host has no such group.
 */
export function lockGroup(native: Pick<NativeLocks, "groupId">, name: string): LockGroup {
  const id = native.groupId(name);
  if (id === undefined) {
    throw new LockError(`There is no group ${JSON.stringify(name)} on this host to lock for`, {
      code: "LOCK_BAD_OPTION",
      hint: "Set lock_group to the group of the people who deploy, or leave it out.",
    });
  }
  return { name, id, isTrustedOwner: trustedOwners(name) };
}

/**
 * Trusts root, the user of this process, and the members of a group.
 *
 * @param group - name of the group of the people who deploy; without it nobody else is trusted.
 */
export function trustedOwners(group?: string): OwnerCheck {
  return (uid) => uid === 0 || uid === process.getuid?.() || (group !== undefined && isMember(uid, group));
}

// `id` knows every source of accounts of the host (LDAP, sssd), which /etc/group does not.
function isMember(uid: number, group: string): boolean {
  try {
    const names = execFileSync("id", ["-Gn", String(uid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return names.trim().split(" ").includes(group);
  } catch {
    return false;
  }
}
