import { describe, expect, it } from "vitest";
import { MarkedLine } from "./marked-line.ts";

describe("MarkedLine", () => {
  it.each([1, 2, 5, 100])("takes the line out and keeps the rest, in pieces of %s bytes", (size) => {
    const found: string[] = [];
    const filter = new MarkedLine("mark", (rest) => found.push(rest));
    const input = Buffer.from("noise ma\nmark 123\nafter mark 9\n");
    let output = "";
    for (let at = 0; at < input.length; at += size)
      output += filter.pass(input.subarray(at, at + size)).toString();
    output += filter.rest().toString();
    expect(found).toEqual(["123"]);
    expect(output).toBe("noise ma\nafter mark 9\n");
  });

  it("passes everything on when there is no such line", () => {
    const filter = new MarkedLine("mark", () => undefined);
    expect(filter.pass(Buffer.from("text mar")).toString()).toBe("text ");
    expect(filter.rest().toString()).toBe("mar");
  });
});
