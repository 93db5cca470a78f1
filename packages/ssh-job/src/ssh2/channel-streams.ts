import { type Duplex, Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { MarkedLine } from "../marked-line.ts";

/** One of the output streams of a channel, with back-pressure: what nobody reads stays on the host. */
export function channelOutput(source: Readable, filter?: MarkedLine): Readable {
  const output = new Readable({
    read: () => {
      source.resume();
    },
    destroy: (error, done) => {
      // The window would fill up and the command would wait for ever if the rest was not taken.
      source.off("data", forward);
      source.resume();
      done(error);
    },
  });
  const forward = (chunk: Buffer): void => {
    const passed = filter ? filter.pass(chunk) : chunk;
    if (passed.length > 0 && !output.push(passed)) source.pause();
  };
  source.on("data", forward).once("end", () => {
    const rest = filter?.rest();
    if (rest && rest.length > 0) output.push(rest);
    output.push(null);
  });
  return output;
}

/** Calls back when a stream takes more, or never will. */
export type Room = (callback: () => void) => void;

/** {@link Room} in the stream below a connection, for all of its channels. */
export function roomIn(stream: Duplex): Room {
  let waiting: (() => void)[] = [];
  const settle = (): void => {
    stream.off("drain", settle).off("close", settle);
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  };
  return (callback) => {
    if (!stream.writableNeedDrain || stream.destroyed) return callback();
    if (waiting.push(callback) === 1) stream.once("drain", settle).once("close", settle);
    return undefined;
  };
}

/**
 * The input of a channel. Unlike ssh2's own, a write to a channel that has closed is an error and not silence, and one
 * waits for the network: ssh2 puts a whole window of the server, 2 MiB, into the socket's buffer at once.
 */
export function channelInput(channel: ClientChannel, room: Room): Writable {
  const input = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isOpen) done(closedInput());
      else channel.write(chunk, (error) => (error ? done(error) : room(done)));
    },
    final: (done) => {
      channel.end();
      done();
    },
  });
  let isOpen = true;
  channel.once("close", () => {
    isOpen = false;
    input.destroy(input.writableLength > 0 ? closedInput() : undefined);
  });
  // A command that ends without reading all of its input is no failure of the caller.
  input.on("error", () => undefined);
  return input;
}

function closedInput(): NodeJS.ErrnoException {
  return Object.assign(new Error("The command has ended and reads no more input"), { code: "EPIPE" });
}
