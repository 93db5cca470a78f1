import { createHmac, timingSafeEqual } from "node:crypto";
import { matchPatternList } from "../hosts/pattern-list.ts";
import { keyTypeOf } from "./fingerprint.ts";

/** One usable line of a known hosts file. */
export interface KnownHostsLine {
  /** `@cert-authority`: the key signs host certificates; `@revoked`: the key must never be accepted. */
  readonly marker: "none" | "cert-authority" | "revoked";
  /** The patterns, in lower case, or the hash of one name. */
  readonly names:
    | { readonly kind: "patterns"; readonly text: string }
    | { readonly kind: "hash"; readonly salt: Buffer; readonly hash: Buffer };
  /** For example `ssh-ed25519`. */
  readonly keyType: string;
  /** The public key in wire format. */
  readonly key: Buffer;
  /** Where the line stands. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
}

/** Reads one line as sshd(8) describes it. Comments, blank lines and lines that are no entry give `undefined`. */
export function parseKnownHostsLine(text: string, file: string, line: number): KnownHostsLine | undefined {
  const fields = text.trim().split(/[ \t]+/);
  const marker = readMarker(fields);
  const [namesText, keyType, base64] = fields;
  if (marker === undefined || !namesText || namesText.startsWith("#") || !keyType || !base64)
    return undefined;
  const key = Buffer.from(base64, "base64");
  if (keyTypeOf(key) !== keyType) return undefined;
  const names = readNames(namesText);
  return names && { marker, names, keyType, key, file, line };
}

/** Whether the line is about this lookup name: `host`, or `[host]:port` for ports other than 22. */
export function lineMatches(line: KnownHostsLine, lookupName: string): boolean {
  if (line.names.kind === "patterns") return matchPatternList(lookupName, line.names.text) === "match";
  const hash = createHmac("sha1", line.names.salt).update(lookupName).digest();
  return hash.length === line.names.hash.length && timingSafeEqual(hash, line.names.hash);
}

function readMarker(fields: string[]): KnownHostsLine["marker"] | undefined {
  if (!fields[0]?.startsWith("@")) return "none";
  const marker = fields.shift();
  if (marker === "@cert-authority") return "cert-authority";
  return marker === "@revoked" ? "revoked" : undefined;
}

function readNames(text: string): KnownHostsLine["names"] | undefined {
  if (!text.startsWith("|")) return { kind: "patterns", text: text.toLowerCase() };
  const [, version, salt, hash, ...rest] = text.split("|");
  if (version !== "1" || !salt || !hash || rest.length > 0) return undefined;
  return { kind: "hash", salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
}
