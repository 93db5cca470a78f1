import { expect, test } from "vitest";

import { TargetsError } from "./errors.ts";
import { parseHostList } from "./host-list.ts";

const hosts = (text: string): readonly string[] => parseHostList(text, "web").hosts;

test("case 1: comments, blank and indented lines give nothing, and a host counts once (targets W1) (targets W16)", () => {
  const list = parseHostList("web01\nweb02.example # note\n  indented\n#x\n\nweb01\n", "dsh/web");
  expect(list.hosts).toEqual(["web01", "web02.example"]);
  expect(list.warnings).toEqual([
    'dsh/web:3: an indented line is passed over: "  indented"',
    "dsh/web:6: web01 is already in line 1",
  ]);
});

test.each(["user@host", "host:22", "a,b", "fe80::1", "-dash", ".dot", "web1 web2", "web[1-3]", "a;b"])(
  "case 2: %s, which would be misread, is an error with its line (targets W8) (targets W9)",
  (line) => {
    expect(() => hosts(`web1\n${line}\n`)).toThrow(TargetsError);
    expect(() => hosts(`web1\n${line}\n`)).toThrow(`web:2: `);
  },
);

test("lines of other formats that give nothing are passed over with a warning", () => {
  const list = parseHostList("[grp]\n@inc\nweb1\n", "web");
  expect([list.hosts, list.warnings.length]).toEqual([["web1"], 2]);
});

test("case 3: case, underscores and letters of any alphabet are kept", () => {
  expect(hosts("CAPS\nx_y\nüml.example\n")).toEqual(["CAPS", "x_y", "üml.example"]);
});

test("case 4: every line end ends a line, and a byte order mark is no part of the first host", () => {
  expect(hosts("\uFEFFweb01\r\nweb02\r\nweb03\rweb04\n")).toEqual(["web01", "web02", "web03", "web04"]);
});

test("case 5: an empty list has no hosts", () => {
  expect(hosts("")).toEqual([]);
});

test("an address in brackets of its own is a host", () => {
  expect(hosts("[fe80::1]\n")).toEqual(["fe80::1"]);
});

test("all wrong lines are reported together", () => {
  expect(() => hosts("a,b\nok\nuser@c\n")).toThrow(/2 invalid lines:\n {2}web:1: .*\n {2}web:3: /);
});
