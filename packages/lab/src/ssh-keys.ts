import { generateKeyPairSync, randomBytes } from "node:crypto";

/** An ed25519 key pair in OpenSSH's formats. */
export interface SshKeyPair {
  /** PEM text of `openssh-key-v1`, not encrypted. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment`, one line without its end. */
  readonly publicKey: string;
}

const TYPE = "ssh-ed25519";
const BLOCK_SIZE = 8;

/**
 * Makes a key in a fraction of a millisecond, where `ssh-keygen` takes a process each. (The generator of ssh2 1.17
 * loses leading zero bytes, so that one key in a hundred cannot be read.)
 */
export function generateSshKey(comment: string): SshKeyPair {
  const { publicKey: point, privateKey: seed } = rawEd25519();
  const publicBlob = Buffer.concat([field(TYPE), field(point)]);
  return {
    publicKey: `${TYPE} ${publicBlob.toString("base64")} ${comment}`,
    privateKey: pem(privateContainer(publicBlob, point, seed, comment)),
  };
}

/** The key without its comment, as `known_hosts` wants it. */
export function bareKey(publicKey: string): string {
  return publicKey.split(" ").slice(0, 2).join(" ");
}

/**
 * Both parts are the last 32 bytes of their DER forms (RFC 8410). Exporting a generated key as JWK is no way: Node 20
 * stands still for good when it collects garbage meanwhile.
 */
function rawEd25519(): { publicKey: Buffer; privateKey: Buffer } {
  const pair = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  });
  return { publicKey: pair.publicKey.subarray(-32), privateKey: pair.privateKey.subarray(-32) };
}

/** The layout of PROTOCOL.key in the OpenSSH sources. */
function privateContainer(publicBlob: Buffer, point: Buffer, seed: Buffer, comment: string): Buffer {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    field(TYPE),
    field(point),
    field(Buffer.concat([seed, point])),
    field(comment),
  ]);
  return Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    uint32(1),
    field(publicBlob),
    field(padded(secret)),
  ]);
}

function padded(data: Buffer): Buffer {
  const missing = (BLOCK_SIZE - (data.length % BLOCK_SIZE)) % BLOCK_SIZE;
  return Buffer.concat([data, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

function field(value: string | Buffer): Buffer {
  const data = Buffer.from(value);
  return Buffer.concat([uint32(data.length), data]);
}

function uint32(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return data;
}

function pem(data: Buffer): string {
  const lines = data.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
