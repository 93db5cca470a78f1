import { Duplex, PassThrough } from "node:stream";
import type { ClientChannel } from "ssh2";
import { describe, expect, it } from "vitest";
import { channelInput, roomIn } from "./channel-streams.ts";

/** A network that takes nothing until `flush`, and what waits for it. */
function slowNetwork(): { stream: Duplex; flush: () => void } {
  let flush = (): void => undefined;
  const stream = new Duplex({
    writableHighWaterMark: 100,
    read: () => undefined,
    write: (_chunk, _encoding, done) => (flush = done),
  });
  return { stream, flush: () => flush() };
}

/** A channel like ssh2's, whose window is never full: it puts everything into the network and says so at once. */
function eagerChannel(network: Duplex): ClientChannel {
  const channel = new PassThrough();
  channel.write = (chunk: unknown, done?: unknown) => {
    network.write(chunk);
    (done as () => void)();
    return true;
  };
  return channel as unknown as ClientChannel;
}

describe("the input of a channel", () => {
  it("waits for the network and not only for the window of the server", async () => {
    const { flush, stream } = slowNetwork();
    const input = channelInput(eagerChannel(stream), roomIn(stream));
    for (let count = 0; count < 10; count++) input.write(Buffer.alloc(100));
    await nextTurn();
    expect(stream.writableLength).toBe(100);
    for (let count = 0; count < 10; count++) {
      flush();
      await nextTurn();
    }
    expect([stream.writableLength, input.writableLength]).toEqual([0, 0]);
  });

  it("waits no more when the network is gone", async () => {
    const { stream } = slowNetwork();
    const input = channelInput(eagerChannel(stream), roomIn(stream));
    const written = new Promise((resolve) => input.write(Buffer.alloc(100), resolve));
    await nextTurn();
    stream.destroy();
    await written;
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
