import type { Client, ClientChannel } from "ssh2";

/** A server has no use for the answer before it is to open the next channel. */
const LATEST_MS = 1000;

/** What is needed of the inside of ssh2's client and its channels. */
interface Protocol {
  channelClose(id: number): void;
  session(...args: readonly unknown[]): void;
}

interface InsideChannel {
  readonly incoming: { readonly state: string };
  readonly outgoing: { readonly id: number; state: string };
}

/**
 * Sends the answers to channels that the server has closed along with the request for the next channel, or a second
 * later. On its own each would be a system call here, a packet on the network and a reason for the server to wake up: a
 * third of what this side sends for a short command. The server reads them in order, so a place that was given back is
 * free when the next session asks for one.
 */
export class LateCloses {
  readonly #protocol: Protocol;
  #waiting: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(client: Client) {
    const { _protocol: protocol } = client as unknown as { readonly _protocol: Protocol };
    this.#protocol = protocol;
    const session = protocol.session.bind(protocol);
    protocol.session = (...args) => {
      this.#send();
      session(...args);
    };
    client.once("close", () => this.#forget());
  }

  /** To be called when the channel is open. */
  delay(channel: ClientChannel): void {
    const { incoming, outgoing } = channel as unknown as InsideChannel;
    const close = channel.close.bind(channel);
    channel.close = () => {
      if (incoming.state !== "closed") return close();
      if (outgoing.state === "closed") return;
      outgoing.state = "closed";
      this.#waiting.push(outgoing.id);
      this.#timer ??= setTimeout(() => this.#send(), LATEST_MS).unref();
    };
  }

  #send(): void {
    const ids = this.#waiting;
    this.#forget();
    for (const id of ids) this.#protocol.channelClose(id);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}
