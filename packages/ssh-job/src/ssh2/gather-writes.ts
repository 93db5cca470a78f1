import type { Socket } from "node:net";

/**
 * Makes a socket send together what is written in one turn of the event loop. ssh2 writes the length, the text and the
 * tag of a packet apart, and without delay each would be a system call here, a segment on the network and a reason for
 * the server to wake up. To be called after `connect`, which puts back a `write` that it does not know.
 */
export function gatherWrites(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...args: readonly unknown[]) => boolean;
  let isGathering = false;
  const gather = (): void => {
    if (isGathering) return;
    isGathering = true;
    socket.cork();
    process.nextTick(() => {
      isGathering = false;
      socket.uncork();
    });
  };
  socket.write = (...args: readonly unknown[]): boolean => {
    gather();
    return write(...args);
  };
  return socket;
}
