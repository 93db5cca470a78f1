import type { Client, ParsedKey } from "ssh2";

type AuthPublicKey = (user: string, key: ParsedKey, algorithm: string | undefined, sign?: Sign) => void;

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;

type ServiceAccepted = (protocol: unknown, service: string) => void;

/** What is needed of the inside of ssh2's client once it connects. */
interface Inside {
  readonly _protocol: {
    service(name: string): void;
    authPK: AuthPublicKey;
    readonly _handlers: { SERVICE_ACCEPT?: ServiceAccepted };
  };
}

/** Signatures with these take less time than a round trip, and need not know what the server takes. */
const QUICK_TYPES: readonly string[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
];

/**
 * Makes a client log in with two round trips less. ssh2 asks first whether the server would take a key and signs only
 * then, which spares people questions for passphrases; the keys here are open, and the server would look the key up
 * twice. Nor is the answer to the request for the service waited for, where the first try is with such a key. To be
 * called after `connect`.
 *
 * @param first - key of the first try; undefined where that is something else, such as the agent
 */
export function logInQuickly(client: Client, first: ParsedKey | undefined): void {
  const { _protocol: protocol } = client as unknown as Inside;
  const authPublicKey = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign !== undefined || !isQuick(key)) return authPublicKey(user, key, algorithm, sign);
    return authPublicKey(user, key, algorithm, (data, done) => {
      const signature: unknown = key.sign(data);
      if (Buffer.isBuffer(signature)) done(signature);
      // ssh2 says what is wrong with the key once the server has taken it.
      else authPublicKey(user, key, algorithm);
    });
  };
  if (first !== undefined && isQuick(first)) requestAtOnce(protocol);
}

function requestAtOnce(protocol: Inside["_protocol"]): void {
  const handlers = protocol._handlers;
  const accepted = handlers.SERVICE_ACCEPT;
  if (accepted === undefined) return;
  const request = protocol.service.bind(protocol);
  protocol.service = (name) => {
    request(name);
    accepted(protocol, name);
  };
  handlers.SERVICE_ACCEPT = () => undefined;
}

function isQuick(key: ParsedKey): boolean {
  return QUICK_TYPES.includes(key.type) && key.isPrivateKey();
}
