import { execFileSync } from "node:child_process";
import type { OwnerCheck } from "./lock-file.ts";

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
