import type { Client } from "ssh2";

type GlobalRequest = (protocol: unknown, name: string, wantsReply: boolean, data: unknown) => void;

/** What is needed of the inside of ssh2's client once it connects. */
interface Inside {
  readonly _protocol?: { readonly _handlers?: { GLOBAL_REQUEST?: GlobalRequest } };
}

/**
 * Keeps a client from having the server prove the rest of its host keys. ssh2 does so after each login for an event
 * that nobody here listens to, which costs a round trip, a signature for each key of the server and their checks; it
 * has no option against it.
 */
export function ignoreOfferedKeys(client: Client): void {
  const handlers = (client as unknown as Inside)._protocol?._handlers;
  const answer = handlers?.GLOBAL_REQUEST;
  if (handlers === undefined || answer === undefined) return;
  handlers.GLOBAL_REQUEST = (protocol, name, wantsReply, data) => {
    if (name !== "hostkeys-00@openssh.com" || wantsReply) answer(protocol, name, wantsReply, data);
  };
}
