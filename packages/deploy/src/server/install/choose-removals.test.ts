import { describe, expect, it } from "vitest";
import { chooseRemovals, type RemovalChoice } from "./choose-removals.ts";
import type { InstalledFacts } from "./installed-script.ts";
import { newestFirst } from "./newest-first.ts";

const OWN = { version: "1.9.0", workerName: "deploy-local-9.mjs" };
const keep = (count: number): RemovalChoice => ({ kind: "keep", count });
const named = (...versions: string[]): RemovalChoice => ({ kind: "named", versions });

const VERSIONS = {
  "1.9.0": ["deploy-local-9.mjs", "node-a"],
  "1.10.0": ["deploy-local-10.mjs", "node-a"],
  "1.8.0": ["deploy-local-8.mjs", "node-b"],
};

/** A host with these versions, and a file that a deployment brought. */
function host(
  versions: Readonly<Record<string, readonly string[]>> = VERSIONS,
  more: Partial<InstalledFacts> = {},
): InstalledFacts {
  const names = new Set(["deploy-local-x.mjs", ...Object.values(versions).flat()]);
  const notes = Object.keys(versions).map((version) => `version-${version}`);
  return {
    platform: "Linux x86_64 glibc 2.36",
    hasOwnNode: false,
    versions: new Map(Object.entries(versions)),
    files: [...names, ...notes].map((name) => ({ name, bytes: 1 })),
    inUse: [],
    ...more,
  };
}

describe("what goes from a host", () => {
  it.each([
    [
      1,
      [
        "deploy-local-x.mjs",
        "deploy-local-10.mjs",
        "deploy-local-8.mjs",
        "node-b",
        "version-1.10.0",
        "version-1.8.0",
      ],
    ],
    [2, ["deploy-local-x.mjs", "deploy-local-8.mjs", "node-b", "version-1.8.0"]],
    [3, ["deploy-local-x.mjs"]],
  ])("is all but the own version and the newest others, %i together", (count, names) => {
    expect(chooseRemovals(host(), keep(count), OWN)).toEqual({ names, used: [] });
  });

  it("is a named version with what no other one needs", () => {
    const names = ["deploy-local-10.mjs", "version-1.10.0"];
    expect(chooseRemovals(host(), named("1.10.0", "7.0.0"), OWN)).toEqual({ names, used: [] });
  });

  it("is never the own version, nor what processes run from", () => {
    expect(chooseRemovals(host(), named("1.9.0"), OWN).names).toEqual([]);
    const busy = host(VERSIONS, { inUse: ["deploy-local-8.mjs"] });
    expect(chooseRemovals(busy, named("1.8.0"), OWN)).toEqual({ names: [], used: ["1.8.0"] });
    const others = chooseRemovals(busy, keep(1), OWN);
    expect(others.names).not.toContain("node-b");
    expect(others.names).toContain("deploy-local-10.mjs");
  });

  it("is not the last Node of a host that has none of its own", () => {
    const brought = host({ "1.8.0": ["deploy-local-8.mjs", "node-b"] });
    expect(chooseRemovals(brought, named("1.8.0"), OWN).names).toEqual([
      "deploy-local-8.mjs",
      "version-1.8.0",
    ]);
    const own = { ...brought, hasOwnNode: true };
    expect(chooseRemovals(own, named("1.8.0"), OWN).names).toContain("node-b");
  });
});

it("orders versions by number, releases before what led up to them", () => {
  const sorted = ["2.0.0", "2.0.0-rc.10", "2.0.0-rc.9", "1.10.0", "1.9.0"];
  expect(sorted.toReversed().toSorted(newestFirst)).toEqual(sorted);
});
