import type { HostKeyProblem } from "../errors.ts";

/** What to do about a key that is not accepted. The same for every host, since hosts with one problem are shown together. */
export const HOST_KEY_HINTS: Readonly<Record<HostKeyProblem["kind"], string>> = {
  unknown: "Compare the fingerprint with the host's own, then add the key to a known hosts file.",
  changed:
    "If the host was reinstalled, compare the fingerprint with the host's own and replace the line. Otherwise somebody " +
    "may be intercepting the connection.",
  revoked: "Give the host a new key; this one must not be trusted.",
};
