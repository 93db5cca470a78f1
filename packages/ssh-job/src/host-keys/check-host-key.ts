import { type HostKeyProblem, HostKeyError } from "../errors.ts";
import { fingerprint, keyTypeOf } from "./fingerprint.ts";
import { HOST_KEY_HINTS } from "./host-key-hints.ts";
import { type KnownHosts, lookupName } from "./known-hosts.ts";
import type { KnownHostsLine } from "./known-hosts-line.ts";

/** The host whose key is checked. */
export interface HostKeySubject {
  /** As the caller named it: for messages. */
  readonly host: string;
  /** The name under which its key is filed (`HostKeyAlias`, else the host name). */
  readonly keyName: string;
  /** The port under which it is filed. */
  readonly port: number;
  /** Which files were searched: for messages. */
  readonly files: readonly string[];
}

/**
 * Judges the key that a host showed, as `StrictHostKeyChecking=yes` does: only a key on file is accepted.
 *
 * @returns the reason to refuse it, or `undefined`.
 */
export function checkHostKey(
  known: KnownHosts,
  subject: HostKeySubject,
  key: Buffer,
): HostKeyError | undefined {
  const lines = linesFor(known, subject);
  const same = lines.filter((line) => line.key.equals(key));
  const revoked = same.find((line) => line.marker === "revoked");
  if (revoked) return refusal("revoked", subject, key, revoked);
  const plain = lines.filter((line) => line.marker === "none");
  if (plain.some((line) => line.key.equals(key))) return undefined;
  const type = keyTypeOf(key);
  const other = plain.find((line) => line.keyType === type) ?? plain[0];
  if (other) return refusal("changed", subject, key, other);
  return refusal(
    "unknown",
    subject,
    key,
    undefined,
    lines.some((line) => line.marker === "cert-authority"),
  );
}

/** The types of the keys on file for the host, so that one of these is negotiated. */
export function knownKeyTypes(known: KnownHosts, subject: HostKeySubject): string[] {
  const plain = linesFor(known, subject).filter((line) => line.marker === "none");
  return [...new Set(plain.map((line) => line.keyType))];
}

/** ssh also accepts a key that is on file without the port, when there is none with it. */
function linesFor(known: KnownHosts, { keyName, port }: HostKeySubject): readonly KnownHostsLine[] {
  const exact = known.find(lookupName(keyName, port));
  if (port === 22 || exact.some((line) => line.marker === "none")) return exact;
  return [...exact, ...known.find(lookupName(keyName, 22))];
}

function refusal(
  kind: HostKeyProblem["kind"],
  subject: HostKeySubject,
  key: Buffer,
  line?: KnownHostsLine,
  onlyAuthority = false,
): HostKeyError {
  const problem: HostKeyProblem = {
    kind,
    keyType: keyTypeOf(key),
    key: key.toString("base64"),
    fingerprint: fingerprint(key),
    lookupName: lookupName(subject.keyName, subject.port),
    files: subject.files,
    ...(line && { known: { fingerprint: fingerprint(line.key), file: line.file, line: line.line } }),
  };
  const hint = onlyAuthority ? AUTHORITY_HINT : HOST_KEY_HINTS[kind];
  return new HostKeyError(problem, describe(subject, problem), { host: subject.host, hint });
}

const AUTHORITY_HINT =
  "The host is covered by a @cert-authority line only. This transport cannot check host certificates; use transport openssh.";

function describe({ host, files }: HostKeySubject, problem: HostKeyProblem): string {
  const shown = `${problem.keyType} ${problem.fingerprint}`;
  const { known } = problem;
  const where = known && `${known.file}:${known.line}`;
  const as = problem.lookupName === host ? "" : ` as ${problem.lookupName}`;
  switch (problem.kind) {
    case "unknown":
      return `The host key of ${host} (${shown}) is not in ${files.join(", ") || "any known hosts file"}${as}`;
    case "changed":
      return `The host key of ${host} is not the one on file: it shows ${shown}, ${where} has ${known?.fingerprint}`;
    case "revoked":
      return `The host key of ${host} (${shown}) is marked as revoked in ${where}`;
  }
}
