import { connect, type Socket } from "node:net";
import type { Transport } from "./transport.ts";
import type { NetworkAddress } from "./udp-transport.ts";

/** Where a stream socket leads. */
export type StreamAddress = NetworkAddress | { readonly path: string };

const STEP_TIMEOUT_MS = 5000;

/**
 * Sends over one TCP or Unix stream connection, opened at the first message and again after an error. A receiver
 * that takes nothing for 5 seconds counts as failed.
 */
export function streamTransport(address: StreamAddress): Transport {
  let socket: Socket | undefined;
  const drop = (): void => {
    socket?.destroy();
    socket = undefined;
  };
  return {
    send: async (message) => {
      if (socket?.destroyed === true || socket?.readableEnded === true) drop();
      try {
        socket ??= await openStream(address);
        await writeAll(socket, message);
      } catch (error) {
        drop();
        throw error;
      }
    },
    close: async () => {
      if (socket && !socket.destroyed) await endStream(socket);
      drop();
    },
  };
}

/** Opens a connection within 5 seconds (or `timeoutMs`); it does not keep the process alive. */
export function openStream(address: StreamAddress, timeoutMs: number = STEP_TIMEOUT_MS): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, ...("host" in address && { family: 4 }) });
    const timer = setTimeout(() => socket.destroy(new Error("the connection timed out")), timeoutMs);
    socket.once("error", reject);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      // Errors between two messages show up as `destroyed` at the next one.
      socket.on("error", () => undefined);
      socket.resume().unref();
      resolve(socket);
    });
    socket.once("close", () => clearTimeout(timer));
  });
}

/** Resolves when the system has taken all of the message; rejects after 5 seconds (or `timeoutMs`). */
export function writeAll(
  socket: Socket,
  message: Uint8Array,
  timeoutMs: number = STEP_TIMEOUT_MS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the receiver does not read")), timeoutMs).unref();
    socket.write(message, (error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}

function endStream(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1000);
    socket.end(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
