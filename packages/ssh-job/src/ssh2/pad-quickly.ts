import { randomFillSync } from "node:crypto";
import type { Client } from "ssh2";

/** What is needed of the inside of ssh2's client after a key exchange. */
interface Inside {
  readonly _protocol?: { readonly _cipher?: { allocPacket(payloadBytes: number): Buffer } };
}

const LENGTH_BYTES = 4;
const BLOCK_BYTES = 16;
const LEAST_PADDING = 4;

/** Enough for some thirty packets. */
const POOL_BYTES = 256;

/**
 * Pads packets for AES-GCM with random bytes that were made in advance. ssh2 has a few made for every packet, which
 * takes longer than to encrypt it. To be called before the key exchange.
 */
export function padQuickly(client: Client): void {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = pool.length;
  const pad = (packet: Buffer, bytes: number): void => {
    if (used + bytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    pool.copy(packet, packet.length - bytes, used, used + bytes);
    used += bytes;
  };
  client.on("handshake", () => {
    const cipher = (client as unknown as Inside)._protocol?._cipher;
    if (cipher?.constructor.name === "AESGCMCipherNative")
      cipher.allocPacket = (size) => paddedPacket(size, pad);
  });
}

/** Room for a packet: its length, that of the padding, the payload, and the padding, which makes full blocks. */
function paddedPacket(payloadBytes: number, pad: (packet: Buffer, bytes: number) => void): Buffer {
  const short = BLOCK_BYTES - ((1 + payloadBytes) % BLOCK_BYTES);
  const padding = short < LEAST_PADDING ? short + BLOCK_BYTES : short;
  const packet = Buffer.allocUnsafe(LENGTH_BYTES + 1 + payloadBytes + padding);
  packet.writeUInt32BE(packet.length - LENGTH_BYTES);
  packet[LENGTH_BYTES] = padding;
  pad(packet, padding);
  return packet;
}
