import { EventEmitter } from "node:events";
import type { Client } from "ssh2";
import { expect, it } from "vitest";
import { padQuickly } from "./pad-quickly.ts";

class AESGCMCipherNative {
  allocPacket(_payloadBytes: number): Buffer {
    throw new Error("ssh2's own");
  }
}

function clientWith<T>(cipher: T): { cipher: T; client: EventEmitter } {
  const client = Object.assign(new EventEmitter(), { _protocol: { _cipher: cipher } });
  padQuickly(client as unknown as Client);
  return { cipher, client };
}

it("makes room for packets of every size in whole blocks, with at least four random bytes of padding", () => {
  const { cipher, client } = clientWith(new AESGCMCipherNative());
  client.emit("handshake");
  for (let size = 1; size < 300; size++) {
    const packet = cipher.allocPacket(size);
    const padding = packet[4] ?? 0;
    expect([packet.readUInt32BE(), packet.length]).toEqual([packet.length - 4, 4 + 1 + size + padding]);
    expect((packet.length - 4) % 16).toBe(0);
    expect(padding).toBeGreaterThanOrEqual(4);
    expect(padding).toBeLessThan(20);
  }
});

it("never pads two packets with the same bytes", () => {
  const { cipher, client } = clientWith(new AESGCMCipherNative());
  client.emit("handshake");
  const paddings = Array.from({ length: 200 }, () => cipher.allocPacket(4).subarray(-11).toString("hex"));
  expect(new Set(paddings).size).toBe(200);
});

it("leaves other ciphers as they are", () => {
  const allocPacket = (): Buffer => Buffer.from("theirs");
  const { cipher, client } = clientWith({ allocPacket });
  client.emit("handshake");
  expect(cipher.allocPacket).toBe(allocPacket);
});
