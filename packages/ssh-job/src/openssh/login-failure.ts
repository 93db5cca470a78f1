import {
  AuthenticationError,
  type HostKeyProblem,
  SshError,
  UnreachableError,
  type UnreachableReason,
} from "../errors.ts";
import { HOST_KEY_HINTS } from "../host-keys/host-key-hints.ts";

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
    const { kind, why } = refusedKey(words, last);
    return new SshError("HOST_KEY_REFUSED", `ssh does not accept the host key of ${host}: ${why}`, {
      host,
      hint: HOST_KEY_HINTS[kind],
    });
  }
  if (/Permission denied|Too many authentication failures/.test(last)) {
    return new AuthenticationError(`${host} refuses the login: ${last}`, { host, hint: LOGIN_HINT });
  }
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? "network";
  return new UnreachableError(reason, `Cannot connect to ${host}: ${last}`, { host });
}

const LOGIN_HINT =
  "ssh asks for no passphrase here: load the key into an agent, or name its file, and check authorized_keys on the host.";

const KEY_WORDS: readonly (readonly [RegExp, HostKeyProblem["kind"]])[] = [
  [/^.*host key .*revoked/i, "revoked"],
  [/^Offending .* key in /, "changed"],
  [/^No .* host key is known/, "unknown"],
];

function refusedKey(words: readonly string[], last: string): { kind: HostKeyProblem["kind"]; why: string } {
  for (const [pattern, kind] of KEY_WORDS) {
    const why = words.find((line) => pattern.test(line));
    if (why !== undefined) return { kind, why: kind === "changed" ? `it has changed. ${why}` : why };
  }
  return { kind: "unknown", why: last };
}
