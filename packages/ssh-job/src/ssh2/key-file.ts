import { readFile } from "node:fs/promises";
import ssh2, { type ParsedKey } from "ssh2";
import { SshError } from "../errors.ts";
import { signQuickly } from "./sign-quickly.ts";

/** A key file: the private key, or only the public half, by which the agent's key is picked. */
export interface KeyFile {
  readonly path: string;
  /** The public key in wire format, when it could be read. */
  readonly publicKey: Buffer | undefined;
  /** Missing when the file holds the public half only, may not be read, or is locked. */
  readonly privateKey: ParsedKey | undefined;
  /** The text of a private key that needs a passphrase. */
  readonly lockedText: string | undefined;
}

/** Asks for a secret, for example the passphrase of a key; `undefined` when nobody answers. */
export type SecretPrompt = (question: string) => Promise<string | undefined>;

/**
 * Reads a key file as ssh does. Where it cannot be read (keys of a shared agent), `<file>.pub` tells which key of
 * the agent is meant.
 *
 * @throws SshError `BAD_IDENTITY` when neither exists or the text is no key.
 */
export async function loadKeyFile(path: string): Promise<KeyFile> {
  const [text, publicText] = await Promise.all([readOr(path), readOr(`${path}.pub`)]);
  const publicKey = typeof publicText === "string" ? publicHalf(publicText) : undefined;
  const file: KeyFile = { path, publicKey, privateKey: undefined, lockedText: undefined };
  if (typeof text !== "string") {
    if (publicKey) return file;
    throw badIdentity(path, whyUnreadable(text), "Name a key file that exists and that you may read.");
  }
  const key = firstKey(text);
  if (!(key instanceof Error)) {
    return {
      ...file,
      publicKey: key.getPublicSSH(),
      privateKey: key.isPrivateKey() ? signQuickly(key) : undefined,
    };
  }
  if (isEncrypted(key)) return { ...file, lockedText: text };
  throw badIdentity(path, key.message, "Give a private key in OpenSSH or PEM form.");
}

/**
 * Opens a locked key; any other file is returned as it is, and so is a locked one when nobody answers.
 *
 * @throws SshError `BAD_IDENTITY` when the passphrase is wrong.
 */
export async function unlockKeyFile(file: KeyFile, prompt: SecretPrompt | undefined): Promise<KeyFile> {
  if (file.lockedText === undefined) return file;
  const passphrase = await prompt?.(`Passphrase for key ${file.path}`);
  if (passphrase === undefined) return file;
  const key = firstKey(file.lockedText, passphrase);
  if (key instanceof Error) throw badIdentity(file.path, "the passphrase does not open it", undefined);
  return { ...file, publicKey: key.getPublicSSH(), privateKey: signQuickly(key), lockedText: undefined };
}

function firstKey(text: string, passphrase?: string): ParsedKey | Error {
  const key = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  return Array.isArray(key) ? (key[0] ?? new Error("no key in the file")) : key;
}

/** ssh2 says so in words only; these are the forms of its key parser. */
function isEncrypted(error: Error): boolean {
  return /^Encrypted .*private .*key detected, but no passphrase given$/i.test(error.message);
}

function publicHalf(text: string): Buffer | undefined {
  const key = firstKey(text);
  return key instanceof Error ? undefined : key.getPublicSSH();
}

async function readOr(path: string): Promise<string | NodeJS.ErrnoException> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => error);
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  return code === "EACCES" ? "you may not read it" : message;
}

function badIdentity(path: string, what: string, hint: string | undefined): SshError {
  return new SshError("BAD_IDENTITY", `Cannot use the key ${path}: ${what}`, { hint });
}
