import { expect, test } from "vitest";
import { asctimeUtc, formatNote, parseAsctimeUtc, parseNote } from "./lock-note.ts";

test("writes the note byte for byte as Python Scap does (case 3)", () => {
  const note = {
    locker: "alice",
    pid: 4242,
    timestampUtc: asctimeUtc(new Date("2024-08-06T12:34:56Z")),
    reason: 'Deploying é "x" \u007f 😀\n',
  };
  expect(formatNote(note)).toBe(
    [
      "{",
      '    "locker": "alice",',
      '    "pid": 4242,',
      '    "timestamp_utc": "Tue Aug  6 12:34:56 2024",',
      String.raw`    "reason": "Deploying \u00e9 \"x\" \u007f \ud83d\ude00\n"`,
      "}",
    ].join("\n"),
  );
});

test("reads its own notes back", () => {
  const note = { locker: "é", pid: 1, timestampUtc: "Tue Aug  6 12:34:56 2024", reason: "a\\b" };
  expect(parseNote(formatNote(note))).toEqual({ kind: "note", note });
});

test.each([
  ["", "empty"],
  ["{}", "empty"],
  ["  \n", "empty"],
  ["{", "damaged"],
  ["garbage", "damaged"],
  ["[1]", "damaged"],
  ["null", "damaged"],
  ['{"pid": "12", "reason": 5}', "note"],
])("reads %j as %s", (text, kind) => {
  expect(parseNote(text).kind).toBe(kind);
});

test("leaves fields of an unexpected type out", () => {
  expect(parseNote('{"pid": "12", "locker": "bob"}')).toEqual({ kind: "note", note: { locker: "bob" } });
});

test.each(["2024-08-06T12:34:56Z", "1999-12-31T23:59:59Z"])("reads the time %s back", (iso) => {
  expect(parseAsctimeUtc(asctimeUtc(new Date(iso)))).toEqual(new Date(iso));
});

test.each(["yesterday", "", "Tue Xxx  6 12:34:56 2024"])("does not take %j for a time", (text) => {
  expect(parseAsctimeUtc(text)).toBeUndefined();
});
