import { expect, it } from "vitest";
import { OutputTail } from "./output-tail.ts";

it("keeps the last bytes, whatever the pieces are in which they come", () => {
  const text = Array.from({ length: 3000 }, (_, index) => `${index},`).join("");
  for (const limit of [1, 7, 100, 4096, 70_000]) {
    for (const piece of [1, 3, 99, 100, 101, 5000, 20_000]) {
      const tail = new OutputTail(limit);
      for (let from = 0; from < text.length; from += piece)
        tail.add(Buffer.from(text.slice(from, from + piece)));
      expect(String(tail.bytes())).toBe(text.slice(-limit));
    }
  }
});

it("goes on after it was asked", () => {
  const tail = new OutputTail(5);
  const seen = ["ab", "cd", "ef", "g", "", "hijklmn", "o"].map((piece) => {
    tail.add(Buffer.from(piece));
    return String(tail.bytes());
  });
  expect(seen).toEqual(["ab", "abcd", "bcdef", "cdefg", "cdefg", "jklmn", "klmno"]);
});

it("keeps nothing where nothing is to be kept", () => {
  const tail = new OutputTail(0);
  tail.add(Buffer.from("abc"));
  expect(tail.bytes()).toHaveLength(0);
});
