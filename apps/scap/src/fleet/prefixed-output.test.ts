import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { PrefixedOutput } from "./prefixed-output.ts";

it("prints nothing for a reader that has left, as a process's standard output goes on to take everything", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed: string[] = [];
  stdout.write = (text: string): boolean => printed.push(text) > 0;
  const output = new PrefixedOutput({ stdout, stderr });
  const from = { host: "web1", stream: "stdout", chunk: Buffer.from("y\ny\n") } as const;
  await output.add(from);
  stdout.destroy();
  await once(stdout, "close");
  await output.add(from);
  expect(printed).toEqual(["web1: y\nweb1: y\n"]);
});
