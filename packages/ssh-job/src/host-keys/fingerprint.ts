import { createHash } from "node:crypto";

/** The fingerprint of a public key in the form that ssh prints: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type inside a public key in wire format, for example `ssh-ed25519`; empty when it is no such key. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return "";
  const length = key.readUInt32BE(0);
  return length <= key.length - 4 ? key.toString("latin1", 4, 4 + length) : "";
}
