import { describe, expect, it } from "vitest";
import { decodeLooseRecord } from "../decode-record.ts";
import type { LooseRecord } from "../record.ts";
import { createFilter } from "./filter.ts";
import { FilterError } from "./filter-error.ts";
import { parseFilter, parseFilterExpression } from "./parse-filter.ts";

function record(json: string): LooseRecord {
  return decodeLooseRecord(json) ?? {};
}

const WEB1 = record(`{"name": "target.web1.example.org.checks", "host": "web1.example.org", "levelno": 40,
  "msg": "x beta 12", "created": 1.75, "relativeCreated": -5, "filename": "deploy.py", "lineno": 12, "whole": 1.0,
  "flag": true, "nothing": null, "list": ["a"], "big": 12345678901234567890, "event.action": "a\\nb"}`);

describe("a filter expression matches (log W5) (log W6) (log W7)", () => {
  it.each([
    "host = [vw]eb[0-9]*",
    "host == ''",
    "",
    " \t\n",
    "name == target.* levelno >= WARNING",
    "levelno = 040",
    "levelno = ERROR",
    "levelname == ERR*",
    "levelno ~ 4",
    "levelno ~ ERROR",
    "msg ~ '\\d+'",
    'msg ~ "(?P<word>be)ta"',
    "msg ~ '(?i)BETA'",
    "msg ~ '12\\Z'",
    "created > 1.5",
    "created < +2",
    "relativeCreated > -6",
    "relativeCreated <= -5",
    "module == deploy",
    "pathname == deploy.py",
    "lineno = 12",
    "lineno ~ ^12$",
    "lineno = '1?'",
    "whole = 1",
    "whole ~ '^1\\.0$'",
    "flag >= 1",
    "big > 12345678901234567889",
    "big = 12345678901234567890",
    "event.action = a*b",
    "host >= web1",
    "host != db1.*",
    "host !~ ^db",
    "levelno != 30",
    "created = *.75",
  ])("%j", (expression) => {
    expect(parseFilter(expression)(WEB1)).toBe(true);
  });
});

describe("a filter expression does not match", () => {
  it.each([
    "host == web1.* levelno >= CRITICAL",
    "levelno == 41",
    "missing != x",
    "missing !~ x",
    "msg ~ \\dd+",
    "nothing == *",
    "nothing != x",
    "nothing ~ .",
    "list ~ a",
    "list != b",
    "flag ~ True",
    "host > 12",
    "host == 12",
    "whole = 2",
    "process == *",
    "thread == *",
    "created > 1e0",
  ])("%j", (expression) => {
    expect(parseFilter(expression)(WEB1)).toBe(false);
  });
});

describe("the filter language of the specification", () => {
  const web1 = '"host": "web1.example.org"';
  it.each([
    [19, "host == example.org", web1, true],
    [19, "host == web1", web1, false],
    [19, "host == web1.*", web1, true],
    [19, "host == WEB1.*", web1, false],
    [20, "name == target.*", '"name": "target.web1.example.org.checks"', true],
    [20, "name == target.*", '"name": "x.target.web1"', true],
    [20, "name == target.*", '"name": "deploy"', false],
    [21, "host == web? levelno >= WARNING", '"host": "web1", "levelno": 40', true],
    [21, "host == web? levelno >= WARNING", '"host": "web1", "levelno": 20', false],
    [22, 'msg ~ "(alpha|beta) [0-9]+"', '"msg": "x beta 12"', true],
    [22, "msg ~ \\d+", '"msg": "12"', false],
    [22, "msg ~ \\d+", '"msg": "add"', true],
    [22, 'msg ~ "\\d+"', '"msg": "12"', true],
    [23, "levelno >= warning", '"levelno": 30', false],
    [23, "levelno > abc", '"levelno": 30', false],
    [23, "lineno ~ x", '"lineno": 12', false],
    [23, "missing == *", '"msg": "m"', false],
    [24, "host != a", '"host": "b"', true],
    [24, "host != a", '"host": "a"', false],
    [25, "levelno == 30", '"levelno": 30', true],
    [25, "levelno == 30", '"levelno": 40', false],
    [26, "host == web1.*\nlevelno >= ERROR", `${web1}, "levelno": 40`, true],
    [26, "host == web1.*\nlevelno >= ERROR", `${web1}, "levelno": 30`, false],
  ])("(log case %d): %j on %s: %s", (_case, expression, fields, matches) => {
    expect(parseFilter(expression)(record(`{${fields}}`))).toBe(matches);
  });

  it.each([
    ["host==a", "host==a"],
    ["host ==", "host =="],
    ["host == 'a", "host == 'a"],
    ["host === a", "==="],
    ["host =! a", "=!"],
  ])("rejects %j and shows %j (log case 24)", (expression, shown) => {
    expect(mistake(expression).message).toContain(shown);
  });
});

it.each([
  ["25", "Level 25"],
  ["25.5", "Level 25.5"],
  ["25.0", "Level 25.0"],
  ["30.0", "WARNING"],
  ["0", "NOTSET"],
  ["null", "Level None"],
])("level %s has the name %s", (levelno, name) => {
  expect(parseFilter(`levelname ~ '^${name}$'`)(record(`{"levelno": ${levelno}}`))).toBe(true);
});

it.each([
  ['"/a/b/x.py"', "x"],
  ['"x.tar.gz"', "x.tar"],
  ['".profile"', ".profile"],
  ['"..py"', "..py"],
  ['"x"', "x"],
  ["null", "Unknown module"],
])("the module of %s is %s", (filename, module) => {
  expect(parseFilter(`module ~ '^${module}$'`)(record(`{"filename": ${filename}}`))).toBe(true);
});

describe("a mistake in an expression is shown with a caret", () => {
  it.each([
    ["host==a", "Invalid filter: no operator after 'host==a'\n  host==a\n  ^^^^^^^", "host == a"],
    ["levelno>=30", "no operator after 'levelno>=30'", "levelno >= 30"],
    ["host ==", "no value after 'host =='\n  host ==\n         ^", "Add a value"],
    ["host", "no operator after 'host'\n  host\n  ^^^^", "host == value"],
    ["host == 'a", "the quote is not closed\n  host == 'a\n          ^", "closing quote"],
    ['host == "a', 'the quote is not closed\n  host == "a\n          ^', "closing quote"],
    ["host == a\\", "nothing follows the backslash\n  host == a\\\n           ^", undefined],
    ["host === a", "unknown operator '==='\n  host === a\n       ^^^", "Use one of"],
    ["a == b and c == d", "unknown operator 'c'", "without 'and'"],
    [
      "msg ~ '[a'",
      "bad regular expression '[a': the set is not closed with ']'\n  msg ~ '[a'\n        ^^^^",
      undefined,
    ],
    ["msg ~ '(?x)a'", "the flag 'x' is not supported", undefined],
    ["a = 1\nb =", "no value after 'b ='\n  a = 1 b =\n           ^", "Add a value"],
  ])("%j", (expression, message, hint) => {
    const error = mistake(expression);
    expect(error.message).toContain(message);
    expect(error.hint ?? "").toContain(hint ?? "");
    expect(error.code).toBe("FILTER_SYNTAX");
  });
});

function mistake(expression: string): FilterError {
  try {
    parseFilter(expression);
  } catch (error) {
    if (error instanceof FilterError) return error;
  }
  throw new Error(`accepted: ${expression}`);
}

describe("a filter from code", () => {
  it("blocks what matches by default, and selects it on request (log case 27)", () => {
    const handler = createFilter({ name: "A.B.*" });
    expect(handler.passes({ name: "A.B.C" })).toBe(false);
    expect(handler.passes({ name: "A.B" })).toBe(true);
    const selector = createFilter({ name: "A.B.*" }, { mode: "select" });
    expect(selector.passes({ name: "A.B.C" })).toBe(true);
    expect(selector.passes({ name: "A.B" })).toBe(false);
  });

  it("takes globs, regular expressions and functions, and knows its attributes", () => {
    const filter = createFilter([
      ["host", /^web/],
      ["levelno", (value): boolean => Number(value) > 20],
    ]).with({ name: "x" });
    expect(filter.matches({ host: "web1", levelno: 30, name: "x" })).toBe(true);
    expect(filter.matches({ host: "db1", levelno: 30, name: "x" })).toBe(false);
    expect(createFilter({ levelno: "3?" }).matches({ levelno: 30 })).toBe(true);
    expect(filter.hasCriterion("name")).toBe(true);
    expect(filter.hasCriterion("msg")).toBe(false);
    expect(parseFilterExpression("").hasCriterion("levelno")).toBe(false);
  });
});
