import ssh2, { type ParsedKey } from "ssh2";
import { describe, expect, it } from "vitest";
import { signQuickly } from "./sign-quickly.ts";

const TYPES = [
  ["ed25519", {}, undefined],
  ["ecdsa", { bits: 256 }, undefined],
  ["ecdsa", { bits: 384 }, undefined],
  ["ecdsa", { bits: 521 }, undefined],
  ["rsa", { bits: 2048 }, "sha512"],
  ["rsa", { bits: 2048 }, undefined],
] as const;

describe("a key that signs quickly", () => {
  it.each(TYPES)("signs as ssh2 verifies: %s %j %s", (type, options, algorithm) => {
    // The types of ssh2 have one overload for each type of key.
    const pair = ssh2.utils.generateKeyPairSync(type as "rsa", options as { bits: number });
    const key = ssh2.utils.parseKey(pair.private) as ParsedKey;
    const data = Buffer.from("what both sides know");
    const signature = signQuickly(key).sign(data, algorithm);
    const other = ssh2.utils.parseKey(pair.public) as ParsedKey;
    expect(other.verify(data, signature, algorithm)).toBe(true);
    expect(other.verify(Buffer.from("something else"), signature, algorithm)).toBe(false);
  });
});
