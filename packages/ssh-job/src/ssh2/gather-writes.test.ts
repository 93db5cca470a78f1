import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { gatherWrites } from "./gather-writes.ts";

it("sends what is written in one turn together, in order, and loses nothing at the end", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const socket = gatherWrites(connect((server.address() as AddressInfo).port, "127.0.0.1"));
  const [peer] = (await accepted) as [Socket];
  const received = text(peer);
  const together: number[] = [];
  const writev = socket._writev?.bind(socket);
  socket._writev = (chunks, done) => {
    together.push(chunks.length);
    writev?.(chunks, done);
  };
  for (const part of ["length ", "text ", "tag "]) socket.write(part);
  expect(together).toEqual([]);
  const told = new Promise((resolve) => socket.write("and who asks is told ", resolve));
  await told;
  expect(together).toEqual([4]);
  socket.write("of ");
  socket.end("the end");
  expect(await received).toBe("length text tag and who asks is told of the end");
  server.close();
});
