import type { Algorithms, ServerHostKeyAlgorithm } from "ssh2";

// Not the names of `@types/ssh2`, which nobody has who installs this package.

/** A key exchange that a pool can offer. */
export type KexAlgorithm =
  | "curve25519-sha256"
  | "curve25519-sha256@libssh.org"
  | `ecdh-sha2-nistp${256 | 384 | 521}`
  | `diffie-hellman-group${15 | 16 | 17 | 18}-sha512`
  | `diffie-hellman-group${14 | "-exchange"}-sha${1 | 256}`;

/** A cipher that a pool can offer. */
export type CipherAlgorithm =
  | `aes${128 | 256}-gcm@openssh.com`
  | `aes${128 | 192 | 256}-${"ctr" | "cbc"}`
  | "chacha20-poly1305@openssh.com";

/** Key exchange and ciphers to offer, in order of preference. */
export interface AlgorithmOptions {
  /** @defaultValue P-256 first, curve25519, the other NIST curves, then groups of 2048 bits and more */
  readonly kex?: readonly KexAlgorithm[] | undefined;
  /** @defaultValue those that OpenSSL does in hardware: AES-GCM, then AES-CTR */
  readonly ciphers?: readonly CipherAlgorithm[] | undefined;
}

// OpenSSH leaves P-256 to OpenSSL's assembler and does curve25519 in plain C, which takes a server ten times as long: an
// eighth of all processor time of a short command on a new connection.
const KEX: readonly KexAlgorithm[] = [
  "ecdh-sha2-nistp256",
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group14-sha256",
];

// chacha20-poly1305 comes last: without ssh2's native part it runs as WebAssembly, several times slower.
const CIPHERS: readonly CipherAlgorithm[] = [
  "aes128-gcm@openssh.com",
  "aes256-gcm@openssh.com",
  "aes128-ctr",
  "aes192-ctr",
  "aes256-ctr",
  "chacha20-poly1305@openssh.com",
];

/** SHA-1 signatures (`ssh-rsa`) and DSA are not offered; RSA keys work with SHA-2. */
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** The offer for one host: of the host key types, those that are on file come first, as ssh does. */
export function algorithmsFor(options: AlgorithmOptions, knownTypes: readonly string[]): Algorithms {
  const isKnown = (name: string): boolean =>
    knownTypes.includes(name.startsWith("rsa-sha2") ? "ssh-rsa" : name);
  const known = HOST_KEY_ALGORITHMS.filter(isKnown);
  const others = HOST_KEY_ALGORITHMS.filter((name) => !isKnown(name));
  return {
    kex: [...(options.kex ?? KEX)],
    cipher: [...(options.ciphers ?? CIPHERS)],
    serverHostKey: [...known, ...others],
    hmac: [
      "hmac-sha2-256-etm@openssh.com",
      "hmac-sha2-512-etm@openssh.com",
      "hmac-sha2-256",
      "hmac-sha2-512",
    ],
    compress: ["none"],
  };
}
