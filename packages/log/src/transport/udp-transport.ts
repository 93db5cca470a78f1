import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { Transport } from "./transport.ts";

/** A UDP receiver. */
export interface NetworkAddress {
  /** Host name or IPv4 address. */
  readonly host: string;
  /** Port number. */
  readonly port: number;
}

/** Sends datagrams over IPv4. The name is looked up once, and again after an error. */
export function udpTransport({ host, port }: NetworkAddress): Transport {
  let socket: Socket | undefined;
  let address: string | undefined;
  return {
    send: async (message) => {
      address ??= (await lookup(host, { family: 4 })).address;
      socket ??= openSocket();
      try {
        await sendDatagram(socket, message, port, address);
      } catch (error) {
        address = undefined;
        throw error;
      }
    },
    close: async () => {
      const open = socket;
      if (open) await new Promise<void>((resolve) => open.close(() => resolve()));
    },
  };
}

function openSocket(): Socket {
  const socket = createSocket("udp4").unref();
  // An answer that the port is closed arrives here; the next send reports its own error.
  socket.on("error", () => undefined);
  return socket;
}

function sendDatagram(socket: Socket, message: Uint8Array, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, port, address, (error) => (error ? reject(error) : resolve()));
  });
}
