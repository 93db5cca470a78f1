import { Readable, Writable } from "node:stream";
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

/** The input of a channel. Unlike ssh2's own, a write to a channel that has closed is an error and not silence. */
export function channelInput(channel: ClientChannel): Writable {
  const input = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (isOpen) channel.write(chunk, done);
      else done(closedInput());
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
