import { expect, test } from "vitest";

import { TargetsError } from "./errors.ts";
import { matchesLimit, parseLimit } from "./limit.ts";

const HOSTS =
  "web1 web2 web10 web01 web02 web03 web01.dc1.example web02.dc1.example web01.dc2.example db1 dba dbb dbc apix api.x".split(
    " ",
  );
const select = (...limits: string[]): string => {
  const limit = parseLimit(limits);
  return HOSTS.filter((host) => limit.selects(host))
    .toSorted()
    .join(" ");
};
const ALL = HOSTS.toSorted().join(" ");

test.each([
  [19, "*", ALL],
  [19, "all", ALL],
  [20, "web1", "web1"],
  [21, "web[1:10]", "web1 web10 web2"],
  [22, "web[01:03]", "web01 web02 web03"],
  [23, "web[01:02].*", "web01.dc1.example web01.dc2.example web02.dc1.example"],
  [24, "db[a:c]", "dba dbb dbc"],
  [25, "api.x", "api.x"],
  [26, "*.example", "web01.dc1.example web01.dc2.example web02.dc1.example"],
  [27, "web0[12]", "web01 web02"],
  [28, "!web*", "api.x apix db1 dba dbb dbc"],
  [
    29,
    "!web[01:02]",
    HOSTS.filter((host) => host !== "web01" && host !== "web02")
      .toSorted()
      .join(" "),
  ],
  [30, "!", ALL],
  [30, "!all", ALL],
  [31, String.raw`~web\d$`, "web1 web2"],
  [32, "~dc1", ""],
  [33, "~.*dc1", "web01.dc1.example web02.dc1.example"],
])("case %i: %s", (_, pattern, expected) => {
  expect(select(pattern)).toBe(expected);
});

test.each([
  ["web1,web2", "web1 web2"],
  ["web1, web2", "web1 web2"],
  ["!*", ""],
  ["!!web*", "api.x apix db1 dba dbb dbc"],
  ["!~web", "api.x apix db1 dba dbb dbc"],
  ["db1,~web[12]{1,1}$", "db1 web1 web2"],
  ["web*,!web0*", "web1 web10 web2"],
  ["web[9:10]", "web10"],
  ["web[01:03].dc[1:2].example", "web01.dc1.example web01.dc2.example web02.dc1.example"],
  ["web0[12].dc[1:1].*", "web01.dc1.example web02.dc1.example"],
  ["web[^1]", "web2"],
  ["web[0-9][1:2]", "web01 web02"],
  ["web[1,2]", "web1 web2"],
  ["db[a:B]", "dba dbb dbc"],
  [String.raw`web[\d]`, "web1 web2"],
  ["web[0:9]", "web1 web2"],
  ["~(?i)WEB1$", "web1"],
  [String.raw`~(?P<n>web)1\Z`, "web1"],
])(
  "%s selects %s (case 34, and what is ours) (targets W2) (targets W3) (targets W5)",
  (pattern, expected) => {
    expect(select(pattern)).toBe(expected);
  },
);

test("several values add up (targets W5)", () => {
  expect(select("web1", "db1,dba")).toBe("db1 dba web1");
});

test.each([
  "web[1:02]",
  "web[2:1]",
  "web[1:]",
  "web[:3]",
  "db[c:a]",
  "db[a:1]",
  "db[1:a]",
  "web[10:9]",
  "db[A:b]",
  "web[01:100]",
  "web[1:2:3]",
  "db[ab:c]",
  "web[",
  "web[]",
  "web[z-a]",
  "",
  "a,,b",
  "a,",
  "~",
  "!~",
  "~(",
])("%j is refused (cases 35 and 36) (targets W2) (targets W5)", (pattern) => {
  expect(() => parseLimit([pattern])).toThrow(TargetsError);
});

test.each(["web+1", "web?1", "web(1", "a|b", String.raw`web\d`])(
  "%s warns that its characters stand for themselves (targets W4)",
  (pattern) => {
    expect(parseLimit([pattern]).warnings[0]).toContain("literally");
  },
);

test("a range is as quick with a billion numbers as with ten", () => {
  expect(matchesLimit("web[1:999999999999]", "web123456")).toBe(true);
  expect(matchesLimit("web[0000000001:0999999999]", "web0000000000")).toBe(false);
});

test("ranges agree with counting", () => {
  for (const [low, high] of [
    [0, 9],
    [7, 123],
    [95, 105],
    [100, 1234],
    [999, 1000],
    [17, 17],
  ] as const) {
    const limit = parseLimit([`w[${low}:${high}]`]);
    for (let value = 0; value < 1_300; value += 1) {
      expect(limit.selects(`w${value}`)).toBe(value >= low && value <= high);
    }
  }
});

test("stars in a row take no time", () => {
  expect(matchesLimit("*".repeat(5_000), "web1")).toBe(true);
});
