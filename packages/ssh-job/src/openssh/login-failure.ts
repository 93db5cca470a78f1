import { AuthenticationError, SshError, UnreachableError, type UnreachableReason } from "../errors.ts";

const REASONS: readonly (readonly [RegExp, UnreachableReason])[] = [
  [/Connection refused/, "refused"],
  [/timed out/, "timeout"],
  [/Could not resolve hostname/, "no-address"],
  [/kex_exchange_identification: .*(closed|reset)/, "busy"],
  [/(No route to host|Network is unreachable)/, "network"],
];

/**
 * What ssh says when it cannot log in, as an error. Its exit status is 255 for all of these, so its words are the
 * only evidence.
 */
export function loginFailure(host: string, said: string): SshError {
  const words = said.trim().split(/\r?\n/).filter(Boolean);
  const last = words.at(-1) ?? "it said nothing";
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|is revoked/.test(said)) {
    return new SshError(
      "HOST_KEY_REFUSED",
      `ssh does not accept the host key of ${host}: ${keyReason(words)}`,
      {
        host,
        hint: "Compare the host's fingerprint with its own, then add or replace the key in the known hosts file.",
      },
    );
  }
  if (/Permission denied|Too many authentication failures/.test(last)) {
    return new AuthenticationError(`${host} refuses the login: ${last}`, { host });
  }
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? "network";
  return new UnreachableError(reason, `Cannot connect to ${host}: ${last}`, { host });
}

function keyReason(words: readonly string[]): string {
  return (
    words.find((line) => /^(No .* host key is known|Offending|Host key .* revoked)/i.test(line)) ??
    words.at(-1) ??
    ""
  );
}
