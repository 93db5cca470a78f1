import { expect, test } from "vitest";

import { TargetsError } from "./errors.ts";
import { countHosts, expandHosts, foldHosts, splitHosts } from "./hosts.ts";

const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");

test.each([
  ["web[1-3,7]", "web1 web2 web3 web7"],
  ["web[01-03]", "web01 web02 web03"],
  ["web[08-11]", "web08 web09 web10 web11"],
  ["web[1-10/3]", "web1 web4 web7 web10"],
  ["web[3,1,2]", "web1 web2 web3"],
  ["r[1-2]n[1-3]", "r1n1 r1n2 r1n3 r2n1 r2n2 r2n3"],
  ["a[1-2]b[01-02]c", "a1b01c a1b02c a2b01c a2b02c"],
  [
    "web[1-2].example.org,db[1,5].example.org",
    "db1.example.org db5.example.org web1.example.org web2.example.org",
  ],
  ["10.0.0.[1-3]", "10.0.0.1 10.0.0.2 10.0.0.3"],
  ["[1-3]", "1 2 3"],
  ["web1[2-3]", "web12 web13"],
  ["web[1-2]3", "web13 web23"],
  ["web01[2-3]", "web012 web013"],
  ["web1[9-11]", "web19 web110 web111"],
  ["web0[9-11]", "web09 web010 web011"],
  ["web1[8-12/2]", "web18 web110 web112"],
  ["web[1-10/5]2", "web12 web62"],
  ["web[5-5]", "web5"],
  ["web10,web01,web100,web001,web9", "web9 web01 web10 web001 web100"],
  ["b1, a10, a9", "a9 a10 b1"],
  ["web1,web01,web2", "web1 web2 web01"],
  ["b[1-2],a[9-11],web1,web01", "a9 a10 a11 b1 b2 web1 web01"],
  ["x1,x2&x2", "x2"],
  ["x[1-5]&x[2-3],x9", "x2 x3 x9"],
  ["x[1-9]!x[1-3]&x[5-9]", "x5 x6 x7 x8 x9"],
  [" web1 ,web2", "web1 web2"],
  ["web[ 1 - 3 , 7 ]", "web1 web2 web3 web7"],
  ["", ""],
  ["x1!x1", ""],
  ["WEB1,web1", "WEB1 web1"],
  ["r2n1,r1n[1-2]", "r1n1 r1n2 r2n1"],
  ["[2001:db8::1],web1", "2001:db8::1 web1"],
  ["üml.example", "üml.example"],
  ["vm-12345678901234567890", "vm-12345678901234567890"],
])("%s expands to %s", (expression, hosts) => {
  expect(expandHosts(expression)).toEqual(words(hosts));
});

test("web[0-10] has eleven hosts", () => {
  expect(expandHosts("web[0-10]")).toHaveLength(11);
});

test.each([
  ["web1.example.org web2.example.org web10.example.org", "web[1-2,10].example.org"],
  ["web01 web02 web10", "web[01-02,10]"],
  ["web9 web10 web11", "web[9-11]"],
  ["web99 web100", "web[99-100]"],
  ["foo bar baz", "bar,baz,foo"],
  ["web3 web1 web2 apple", "apple,web[1-3]"],
  [
    "mw1001.eqiad.example mw2001.codfw.example mw1002.eqiad.example",
    "mw2001.codfw.example,mw[1001-1002].eqiad.example",
  ],
  ["node1 node2 node1.eqiad node2.eqiad", "node[1-2],node[1-2].eqiad"],
  ["r1n1 r1n2 r2n1 r2n2", "r[1-2]n[1-2]"],
  ["r1n1 r1n2 r2n1", "r1n[1-2],r2n1"],
  ["rack2-node1 rack2-node2 rack2-node3 rack1-node1 rack1-node2", "rack2-node[1-3],rack1-node[1-2]"],
  ["a0b1c0 a0b0c0 a1b1c1 a0b1c1 a1b0c0 a1b0c1", "a0b[0-1]c0,a[0-1]b1c1,a1b0c[0-1]"],
  ["a1b1 a1b2 a2b1 a3b2", "a[1-2]b1,a[1,3]b2"],
  ["ip-10-0-0-1 ip-10-0-0-2 ip-10-0-1-1", "ip-10-0-0-[1-2],ip-10-0-1-1"],
  ["web1.dc1.x web2.dc1.x web1.dc2.x web2.dc2.x", "web[1-2].dc[1-2].x"],
  ["web[1-10]!web[3-4]", "web[1-2,5-10]"],
  ["web[1-10]&web[5-20]", "web[5-10]"],
  ["web[1-5]^web[4-8]", "web[1-3,6-8]"],
  ["web[1-5],web9!web1", "web[2-5,9]"],
  ["web[10-12]!web11,web11", "web[10-12]"],
  ["x1!x1", ""],
  ["web1 web02 web3", "web[1,3,02]"],
  ["web1 web3 web5", "web[1,3,5]"],
  ["web09 web10 web11", "web[09-11]"],
  ["web099 web100", "web[099-100]"],
  ["web1 web02 web10", "web[1,02,10]"],
  ["cp3007.esams.example cp3008.esams.example cp3010.esams.example", "cp[3007-3008,3010].esams.example"],
  ["web7", "web7"],
  ["2001:db8::1", "[2001:db8::1]"],
])("%s folds to %s", (names, folded) => {
  expect(foldHosts(words(names))).toBe(folded);
});

test.each([
  "web[1-3",
  "web[1-3]]",
  "web]1[",
  "web[[1]]",
  "web[1][2]",
  "web[3-1]",
  "web[]",
  "web[a-c]",
  "web[1,,2]",
  "web[01-3]",
  "web[1-03]",
  "web[001-03]",
  "web[00-100]",
  "web[1-10/0]",
  "x[1-2],",
  ",x1",
  "x1,,x2",
  "x[1-3],!x2",
  "a,!b",
  "web[-1-3]",
  "web[1-2-3]",
  "web[-5]",
  "web[+1]",
  "web[1-2]*",
  "@all",
  "web 1",
  "web[١]",
  "web١",
  "-oProxyCommand=x",
  ".web",
  "web[1 2]",
  "web[1-2]3[4-5]",
  "web[1-9999999999999999]",
  "2001:db8::1",
  "[2001:db8::zz]",
  "a$(id)",
])("%s is refused", (expression) => {
  expect(() => expandHosts(expression)).toThrow(TargetsError);
});

test("an error names the range and points at its column", () => {
  expect(() => expandHosts("web[01-3]")).toThrow(
    "The ends of the range 01-3 differ in width (column 5)\n  web[01-3]\n      ^",
  );
});

test("a range with too many hosts is refused without writing it out, and counted all the same", () => {
  expect(() => expandHosts("web[1-99999999999]")).toThrow("99999999999 hosts; at most 100000");
  expect(() => expandHosts("web[1-5]", { maxHosts: 4 })).toThrow("at most 4");
  expect(countHosts("web[1-99999999999]")).toBe(99999999999n);
  expect(countHosts("a[1-99999999999]b[1-99999999999]!a1b1")).toBe(99999999999n ** 2n - 1n);
  expect(countHosts("web[1-1000000/2]")).toBe(500_000n);
});

test.each([
  ["web[1-10]", 3, "web[1-4] web[5-7] web[8-10]"],
  ["web[1-5]", 4, "web[1-2] web3 web4 web5"],
  ["web[1-3]", 7, "web1 web2 web3"],
  ["a1,b[1-3]", 2, "a1,b1 b[2-3]"],
  ["web[1-1000000]", 2, "web[1-500000] web[500001-1000000]"],
  ["r[1-2]n[1-3]", 2, "r1n[1-3] r2n[1-3]"],
  ["", 3, ""],
])("%s split into %i is %s", (expression, parts, expected) => {
  expect(splitHosts(parts, expression)).toEqual(words(expected));
});

test.each([0, -1, 1.5])("a set cannot be split into %d parts", (parts) => {
  expect(() => splitHosts(parts, "web1")).toThrow(TargetsError);
});

test("ten thousand names with two numbers fold quickly", () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `r${index % 100}n${Math.floor(index / 100)}`);
  expect(foldHosts(names)).toBe("r[0-99]n[0-99]");
});
