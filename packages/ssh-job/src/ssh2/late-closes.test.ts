import { EventEmitter } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LateCloses } from "./late-closes.ts";

interface Side {
  readonly sent: string[];
  readonly client: EventEmitter;
  readonly openSession: () => void;
  /** A channel as it is after `state` of the server's side; its number is the server's. */
  readonly channel: (id: number, state: "open" | "closed") => ClientChannel;
}

function side(): Side {
  const sent: string[] = [];
  const protocol = {
    session: () => sent.push("open"),
    channelClose: (id: number) => sent.push(`close ${id}`),
  };
  const client = Object.assign(new EventEmitter(), { _protocol: protocol });
  const closes = new LateCloses(client as unknown as Client);
  const channel: Side["channel"] = (id, state) => {
    const made = {
      incoming: { state },
      outgoing: { id, state: "open" },
      close: () => sent.push(`close ${id} at once`),
    } as unknown as ClientChannel;
    closes.delay(made);
    return made;
  };
  return { sent, client, channel, openSession: () => protocol.session() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("sends the answers to closed channels before the request for the next session", () => {
  const { sent, channel, openSession } = side();
  channel(3, "closed").close();
  channel(4, "closed").close();
  expect(sent).toEqual([]);
  openSession();
  openSession();
  expect(sent).toEqual(["close 3", "close 4", "open", "open"]);
});

it("sends them soon where no further session is asked for, and once", () => {
  const { sent, channel } = side();
  const closed = channel(3, "closed");
  closed.close();
  closed.close();
  vi.advanceTimersByTime(1000);
  expect(sent[0]).toBe("close 3");
  expect(sent.filter((each) => each === "close 3")).toHaveLength(1);
});

it("closes a channel at once that the server has not closed", () => {
  const { sent, channel } = side();
  channel(3, "open").close();
  expect(sent).toEqual(["close 3 at once"]);
});

it("says nothing on a connection that is gone", () => {
  const { sent, client, channel } = side();
  channel(3, "closed").close();
  client.emit("close");
  vi.advanceTimersByTime(5000);
  expect(sent).toEqual([]);
});
