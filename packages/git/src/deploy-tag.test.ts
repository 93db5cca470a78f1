import { describe, expect, it } from "vitest";
import { deployTagsToDelete, lastDeployTag, nextDeployTag, parseDeployTag } from "./deploy-tag.ts";

const TODAY = new Date("2031-04-05T06:07:08Z");
const tag = (sequence: string, date = "2031-04-05"): string => `scap/sync/${date}/${sequence}`;

describe("the next deploy tag (G16)", () => {
  it.each([
    [[], "0001"],
    [[tag("0009"), tag("0010")], "0011"],
    [[tag("9999")], "10000"],
    [[tag("10000")], "10001"],
    [[tag("foo"), tag("0003"), tag("0004", "2031-04-04")], "0004"],
  ])("after %j is %s", (names, sequence) => {
    expect(nextDeployTag(names, TODAY)).toBe(tag(sequence));
  });
});

describe("the last deploy tag (G19)", () => {
  it("goes by date and number, not by letters (git W18)", () => {
    expect(lastDeployTag([])).toBeUndefined();
    expect(lastDeployTag([tag("10000"), tag("9999"), tag("0001", "2021-01-02"), "scap/sync/x"])).toBe(
      tag("10000"),
    );
  });
});

describe("cleaning up (G17) (G18)", () => {
  const foreign = ["aa", "v1", "zz", "v2", "scap/sync-point"];

  it("counts and deletes deploy tags only, the oldest first (G17) (G18) (git W17)", () => {
    const names = [
      ...foreign,
      ...Array.from({ length: 10 }, (_, n) => tag(String(n + 1).padStart(4, "0"), "2030-01-01")),
    ];
    const doomed = deployTagsToDelete(names, 2, TODAY);
    expect(doomed).toHaveLength(8);
    expect(doomed[0]).toBe(tag("0001", "2030-01-01"));
  });

  it("keeps the last one even with a limit of 0, so that no name is given twice (git W17)", () => {
    expect(deployTagsToDelete([tag("0001"), tag("0002")], 0, TODAY)).toEqual([tag("0001")]);
  });

  it("refuses a negative limit (G17)", () => {
    expect(() => deployTagsToDelete([], -1, TODAY)).toThrow(RangeError);
  });
});

describe("a name that does not fit", () => {
  it.each(["scap/sync/2031-04-05/1", "scap/sync/2031-4-5/0001", "x/scap/sync/2031-04-05/0001", "scap/sync"])(
    "is no deploy tag: %s",
    (name) => expect(parseDeployTag(name)).toBeUndefined(),
  );
});
