import type { ClientChannel } from "ssh2";
import type { RemoteSignal } from "../transport.ts";

/** The part of ssh2's channel that its types leave out. */
interface ChannelInternals {
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { signal(channel: number, name: string): void } };
}

/**
 * Asks sshd to signal the process group of the command; OpenSSH does so since 7.9. `channel.signal()` refuses once
 * the input has been ended, as it is for every command that was given all of its input, although the protocol
 * allows it; hence the way around it.
 */
export function sendSignal(channel: ClientChannel, name: RemoteSignal): void {
  const { outgoing, _client } = channel as unknown as ChannelInternals;
  if (outgoing.state === "open" || outgoing.state === "eof") _client._protocol.signal(outgoing.id, name);
}
