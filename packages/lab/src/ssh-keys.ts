import ssh2 from "ssh2";

/** An ed25519 key pair in OpenSSH's formats. */
export interface SshKeyPair {
  /** PEM text of `openssh-key-v1`. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment`, one line without its end. */
  readonly publicKey: string;
}

/** Makes a key in a third of a millisecond; `ssh-keygen` needs a process for each. */
export function generateSshKey(comment: string): SshKeyPair {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return { privateKey: pair.private, publicKey: pair.public };
}

/** The key without its comment, as `known_hosts` wants it. */
export function bareKey(publicKey: string): string {
  return publicKey.split(" ").slice(0, 2).join(" ");
}
