import { describe, expect, it } from "vitest";
import { chooseRollback } from "./choose-rollback.ts";
import type { HostAnswer } from "./fleet-revisions.ts";
import type { HostRevision } from "./revision-probe.ts";

const [A, B, C] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;

function host(current: string, revisions: readonly [string, HostRevision["verdict"], number?][]): HostAnswer {
  return {
    kind: "revisions",
    current,
    done: current,
    revisions: revisions.map(([revision, verdict, promotedAt = null]) => ({ revision, verdict, promotedAt })),
  };
}

describe("the revision to go back to", () => {
  it("is the good one that was live last, not the live one, a bad one or one that nothing is known of", () => {
    const web1 = host(C, [
      [A, "good", 1],
      [B, "bad", 2],
      [C, "good", 3],
      ["d".repeat(40), "unknown", 4],
    ]);
    expect(chooseRollback(new Map([["web1", web1]]), undefined)).toEqual({
      revision: A,
      hosts: ["web1"],
      alreadyThere: [],
      exceptions: [],
    });
  });

  it("is that of most hosts; the others are exceptions when they do not have it", () => {
    const most = host(C, [
      [A, "good", 1],
      [B, "good", 2],
      [C, "good", 3],
    ]);
    const answers = new Map([
      ["web1", most],
      ["web2", most],
      ["web3", host(C, [[A, "good", 1]])],
      ["web4", host(B, [[B, "good", 2]])],
      ["web5", { kind: "problem", code: "UNREACHABLE", text: "no route to web5" } as const],
    ]);
    expect(chooseRollback(answers, undefined)).toEqual({
      revision: B,
      hosts: ["web1", "web2"],
      alreadyThere: ["web4"],
      exceptions: [
        { host: "web3", reason: "it does not have bbbbbbb" },
        { host: "web5", reason: "no route to web5" },
      ],
    });
  });

  it("is the one that is asked for, also by the beginning of its name and whatever is known of it", () => {
    const answers = new Map([
      [
        "web1",
        host(C, [
          [A, "bad"],
          [C, "good"],
        ]),
      ],
    ]);
    expect(chooseRollback(answers, "aaaa").hosts).toEqual(["web1"]);
  });

  it.each([
    [undefined, /No host has a good revision/],
    ["bbb", /No host has the revision bbb/],
    ["", /More than one revision/],
  ])("is refused when there is none (%s)", (wanted, message) => {
    const answers = new Map([
      [
        "web1",
        host(C, [
          [A, "unknown"],
          [C, "good"],
        ]),
      ],
    ]);
    expect(() => chooseRollback(answers, wanted)).toThrow(message);
  });
});
