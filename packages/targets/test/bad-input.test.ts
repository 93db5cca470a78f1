import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  countHosts,
  expandHosts,
  foldHosts,
  hostSetOf,
  intersectHostSets,
  isHostName,
  membersOf,
  parseHostList,
  parseLimit,
  queryHosts,
  splitHosts,
  subtractHostSets,
  TargetsError,
  uniteHostSets,
  xorHostSets,
} from "../src/index.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);
const RUNS = { seed: SEED, numRuns: 500 };

const name = fc.stringMatching(/^(?:web|r[0-3]n|db-)(?:0?[0-9]|1[0-2])(?:\.x)?$/);
const names = fc.array(name, { maxLength: 40 });

describe(`host sets (seed ${SEED})`, () => {
  test("folding and writing out give the same hosts, each once", () => {
    fc.assert(
      fc.property(names, (given) => {
        const expanded = expandHosts(foldHosts(given));
        expect(expanded.toSorted()).toEqual([...new Set(given)].toSorted());
        expect(countHosts(foldHosts(given))).toBe(BigInt(expanded.length));
      }),
      RUNS,
    );
  });

  test("operations agree with those of plain sets", () => {
    fc.assert(
      fc.property(names, names, (left, right) => {
        const [a, b] = [hostSetOf(left), hostSetOf(right)];
        const [plainA, plainB] = [new Set(left), new Set(right)];
        const all = [...new Set([...left, ...right])].toSorted();
        const keep = (wanted: (host: string) => boolean): string[] => all.filter(wanted);
        expect(membersOf(uniteHostSets([a, b])).toSorted()).toEqual(all);
        expect(membersOf(intersectHostSets(a, b)).toSorted()).toEqual(
          keep((h) => plainA.has(h) && plainB.has(h)),
        );
        expect(membersOf(subtractHostSets(a, b)).toSorted()).toEqual(
          keep((h) => plainA.has(h) && !plainB.has(h)),
        );
        expect(membersOf(xorHostSets(a, b)).toSorted()).toEqual(keep((h) => plainA.has(h) !== plainB.has(h)));
      }),
      RUNS,
    );
  });

  test("parts are the whole in order, and differ by one at most", () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 9 }), (given, parts) => {
        const folded = foldHosts(given);
        const hosts = splitHosts(parts, folded).map((part) => expandHosts(part));
        expect(hosts.flat()).toEqual(expandHosts(folded));
        const sizes = hosts.map((part) => part.length);
        expect(sizes).toEqual(sizes.toSorted((x, y) => y - x));
        expect((sizes[0] ?? 0) - (sizes.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });
});

const noise = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "web",
        "1",
        "01",
        "[",
        "]",
        "-",
        ",",
        "!",
        "&",
        "^",
        "/",
        " ",
        "*",
        "?",
        ":",
        "~",
        "(",
        ")",
        "{",
        "}",
        "D",
        "@",
        "A:",
        " and ",
        " or ",
        "not ",
        "\n",
        '"',
        "'",
        "$(id)",
        "..",
        "\\",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

/** Only errors that a user can act on may come out. */
async function expectCalm(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TargetsError)) throw error;
  }
}

describe(`text of any kind is read or refused in words (seed ${SEED})`, () => {
  test("as a host set, and no name can be taken for an option", async () => {
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        await expectCalm(() => {
          for (const host of expandHosts(text, { maxHosts: 1_000 })) expect(isHostName(host)).toBe(true);
        });
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  test("as a host list", async () => {
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        await expectCalm(() => {
          for (const host of parseHostList(text, "list").hosts) expect(isHostName(host)).toBe(true);
        });
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test("as a limit", async () => {
    await fc.assert(
      fc.asyncProperty(noise, (text) => expectCalm(() => parseLimit([text]).selects("web1"))),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  test("as a query", async () => {
    const aliases = new Map([["web", { text: "web[1-3]" }]]);
    await fc.assert(
      fc.asyncProperty(noise, (text) => expectCalm(() => queryHosts(text, { aliases }))),
      { seed: SEED, numRuns: 3_000 },
    );
  });
});

test("a query cut at any character is read, or refused with a column inside it", async () => {
  const whole = "web[1-3],db1 and not (D{a[1-2] or b} xor @g) or A:web, [ 1 - 3 ]";
  for (let end = 0; end < whole.length; end += 1) {
    await expectCalm(() => queryHosts(whole.slice(0, end)));
  }
});

test("a hundred thousand names fold, and one more cannot be written out", () => {
  expect(foldHosts(Array.from({ length: 100_001 }, (_, index) => `web${index}`))).toBe("web[0-100000]");
  expect(() => expandHosts("web[0-100000]")).toThrow("at most 100000");
  expect(expandHosts("web[1-100000]")).toHaveLength(100_000);
});

test("thousands of scattered names with two numbers fold in bounded time", () => {
  const scattered = Array.from(
    { length: 5_000 },
    (_, index) => `r${(index * 7_919) % 613}n${(index * 104_729) % 811}`,
  );
  const start = performance.now();
  expect(countHosts(foldHosts(scattered))).toBe(BigInt(new Set(scattered).size));
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a union of more sets than arguments fit on a call is no trouble", () => {
  const one = hostSetOf(["web1"]);
  expect(membersOf(uniteHostSets(Array.from({ length: 200_000 }, () => one)))).toEqual(["web1"]);
});
