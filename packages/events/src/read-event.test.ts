import { expect, it } from "vitest";
import { readEvent } from "./read-event.ts";

const finished = {
  event: "stage.host.finished",
  group: "canary",
  label: "canary",
  stage: "fetch",
  host: "web1",
  outcome: "ok",
  durationMs: 12,
};

it("takes a record with all fields of an event, whatever else it has", () => {
  const record = { ...finished, created: 1, msg: "fetch: ok" };
  expect(readEvent(record)).toBe(record);
});

it.each<[string, object]>([
  ["a field is missing", { stage: undefined }],
  ["a field is of another type", { durationMs: "12" }],
  ["an outcome is unknown", { outcome: "fine" }],
  ["a failure lacks its message", { failure: { code: "X" } }],
  ["a failure is a list", { failure: [] }],
  ["the event is unknown", { event: "stage.host.slept" }],
  ["the event is no text", { event: null }],
  ["there is no event", { event: undefined }],
])("is nothing when %s", (_, change) => {
  expect(readEvent({ ...finished, ...change })).toBeUndefined();
});
