import { describe, expect, test } from "vitest";

import { ExpressionError } from "../errors.ts";
import { parseHostSet } from "../host-set-parser.ts";
import { writeHostSet } from "../host-set-text.ts";
import type { Alias } from "./alias.ts";
import type { NamesBackend, SearchBackend } from "./backend.ts";
import { queryHosts, type QueryOptions } from "./query.ts";

const ALIASES = new Map<string, Alias>(
  Object.entries({
    web: "D{web[1-3]}",
    db: "D{db1 or db2}",
    all: "A:web or A:db",
    canary: "D{web1}",
    loop: "A:loop",
    p: "A:q",
    q: "A:p",
    broken: "D{web1} or",
  }).map(([name, text]) => [name, { text, source: `aliases.yaml:${name}` }]),
);

const KNOWN: NamesBackend = {
  kind: "names",
  prefix: "K",
  name: "known hosts",
  names: () => Promise.resolve(parseHostSet("ca.example.org,db1.example.org,web[1-2].example.org")),
};

const ECHO: SearchBackend = {
  kind: "search",
  prefix: "I",
  name: "inventory",
  search: (query) => Promise.resolve(parseHostSet(query.replace(/^role=/, "").replaceAll("'", ""))),
};

const OPTIONS: QueryOptions = {
  aliases: ALIASES,
  backends: [KNOWN, ECHO],
  groups: {
    names: () => Promise.resolve(["canary", "default"]),
    hosts: (name) => Promise.resolve(name === "canary" ? parseHostSet("web[1-2]") : undefined),
  },
};

async function ask(text: string): Promise<string> {
  return writeHostSet((await queryHosts(text, OPTIONS)).hosts);
}

async function failure(text: string): Promise<ExpressionError> {
  const error = await queryHosts(text, OPTIONS).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ExpressionError);
  return error as ExpressionError;
}

test.each([
  ["D{web[1-5]} and not D{web2}", "web[1,3-5]"],
  ["D{web[1-5]} AND NOT D{web2}", "web[1,3-5]"],
  ["D{web[1-5]} xor D{web[3-7]}", "web[1-2,6-7]"],
  ["D{a1} or D{a2} and D{a3}", ""],
  ["D{a1} or (D{a2} and D{a3})", "a1"],
  ["D{a[1-5]} and not D{a2} or D{a2}", "a[1-5]"],
  ["(D{a1} or D{a2}) and not (D{a1})", "a2"],
  ["A:all and not A:db", "web[1-3]"],
  ["D{(host1 or host2) and host[1-5]}", "host[1-2]"],
  ["D{a[1-3]^a[2-9]}", "a[1,4-9]"],
  ["web1,web2", "web[1-2]"],
  ["web[1-3] and not web2", "web[1,3]"],
  ["A:web", "web[1-3]"],
  ["a:all and not D{web2}", "db[1-2],web[1,3]"],
  ["D{a1} and D{b1} or D{c1}", "c1"],
  ["D{web1} and  not D{web2}", "web1"],
  ["D{web1}\n\tand\n\tnot D{web2}", "web1"],
  ["web[1-3] and not A:canary", "web[2-3]"],
  ["d{web1}", "web1"],
  ["D {web1}or D{web2}", "web[1-2]"],
  ["android1,oracle[1-2],nothing", "android1,nothing,oracle[1-2]"],
  ["web[1-9] and db1,web1", "web1"],
  ["web[ 1 - 3 ] , db1", "db1,web[1-3]"],
  ["web1,A:db", "db[1-2],web1"],
  ["web1,D{web2}", "web[1-2]"],
  ["web[1-3] ! A:canary", "web[2-3]"],
  ["@canary & web2", "web2"],
  ["@*", "web[1-2]"],
  ["@can*,db1 and not web1", "db1,web2"],
  ["@canary!web1,web9", "web[2,9]"],
  ["web[1-9] & web[1-3],web9", "web[1-3,9]"],
  ["web[1-9] and not web1,web2", "web[3-9]"],
  ["web[1-9] and (not web1 and not web2)", "web[3-9]"],
  ["not web1 and web[1-3]", "web[2-3]"],
  ["K{*}", "ca.example.org,db1.example.org,web[1-2].example.org"],
  ["K{web[1-5].example.org}", "web[1-2].example.org"],
  ["K{web?.example.org}", "web[1-2].example.org"],
  ["K{*.example.org and not db*}", "ca.example.org,web[1-2].example.org"],
  ["K{other}", ""],
  ["K{not db*}", "ca.example.org,web[1-2].example.org"],
  ["web[1-7]*.org", "web[1-2].example.org"],
  ["db*,web1.example.org", "db1.example.org,web1.example.org"],
  ["I{role='web[1-2]'}", "web[1-2]"],
])("%s selects %j (query W1)", async (query, hosts) => {
  expect(await ask(query)).toBe(hosts);
});

describe("errors point at their column", () => {
  test.each([
    ["", 1],
    ["   ", 4],
    ["D{a1}} ", 6],
    ["D{}", 3],
    ["not D{a1} or", 13],
    ["D{a1} D{a2}", 7],
    ["D{a1", 1],
    ["Z{x}", 1],
    ["A:nope", 1],
    ["A:", 3],
    ["D{a1 b1}", 6],
    ["D{web[3-1]}", 7],
    ["D{web[1-}", 6],
    ["D{and}", 3],
    ["D{a+b}", 4],
    ["D{user@host}", 7],
    ["D{2001:db8::1}", 7],
    ["web1 and web[3-1]", 14],
    ["(web1", 1],
    ["web1)", 5],
    ["web1 and and web2", 10],
    ["web1 orweb2", 6],
    ["@nogroup", 1],
    ["@nogroup*", 1],
    ["web1,@source:group", 6],
    ["-oProxyCommand=x", 1],
  ])("%j, column %i (query W5)", async (query, column) => {
    expect((await failure(query)).column).toBe(column);
  });

  test.each(["not D{a1}", "D{a1} or not D{a2}", "D{not a1}", "not not not web1"])(
    "%s has no bounds",
    async (query) => {
      expect((await failure(query)).code).toBe("QUERY_UNBOUNDED");
    },
  );

  test("the caret stands below the column", async () => {
    expect((await failure("web1 and web[3-1]")).message).toBe(
      "The range 3-1 counts down (column 14)\n  web1 and web[3-1]\n               ^",
    );
  });
});

describe("aliases", () => {
  test.each([
    ["A:loop", "loop -> loop"],
    ["A:p", "p -> q -> p"],
  ])("%s shows the circle %s (query W3)", async (query, circle) => {
    const error = await failure(query);
    expect([error.code, error.message.includes(circle)]).toEqual(["QUERY_ALIAS_LOOP", true]);
  });

  test("an unknown name comes with the nearest one", async () => {
    const error = await failure("web1 or A:canry");
    expect([error.message.split("\n")[0], error.hint]).toEqual([
      "There is no alias canry (column 9)",
      "Did you mean canary?",
    ]);
  });

  test("an error inside an alias names the alias's place (query W4)", async () => {
    expect((await failure("web1 or A:broken")).message).toContain("aliases.yaml:broken, column 11");
  });
});

describe("warnings", () => {
  test("mixed operators come with their reading (query W2)", async () => {
    expect((await queryHosts("D{a1} or D{a2} and D{a3}", OPTIONS)).warnings).toEqual([
      "Operators are read from left to right, so this is: (D{a1} or D{a2}) and D{a3}",
    ]);
  });

  test.each(["D{a1} or (D{a2} and D{a3})", "a1 and a2 and not a3", "web[1-5],web9!web1", "a1 or a2 or a3"])(
    "%s needs none",
    async (query) => {
      expect((await queryHosts(query, OPTIONS)).warnings).toEqual([]);
    },
  );
});

test("nesting has an end", async () => {
  const error = await failure(`${"(".repeat(50_000)}web1`);
  expect(error.message).toContain("nests at most 100 deep");
});

test("ten thousand names in one query take no time", async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `web${index}`);
  expect(await ask(names.join(","))).toBe("web[0-9999]");
  expect(await ask(names.join(" or "))).toBe("web[0-9999]");
});
