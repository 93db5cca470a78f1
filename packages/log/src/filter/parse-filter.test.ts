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

describe("a filter expression matches", () => {
  it.each([
    "host == example.org",
    "host == web1.*",
    "host = [vw]eb[0-9]*",
    "host == ''",
    "",
    " \t\n",
    "name == target.* levelno >= WARNING",
    "name == target.*\nlevelno >= ERROR",
    "levelno == 40",
    "levelno = 040",
    "levelno = ERROR",
    "levelname == ERR*",
    "levelno ~ 4",
    "levelno ~ ERROR",
    'msg ~ "(alpha|beta) [0-9]+"',
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
    "host == web1",
    "host == WEB1.*",
    "host == web1.* levelno >= CRITICAL",
    "levelno >= warning",
    "levelno > abc",
    "levelno == 41",
    "lineno ~ x",
    "missing == *",
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

  it("a backslash outside of quotes is gone, so that \\d+ searches for d+", () => {
    expect(parseFilter("msg ~ \\d+")(record('{"msg": "12"}'))).toBe(false);
    expect(parseFilter("msg ~ \\d+")(record('{"msg": "add"}'))).toBe(true);
  });

  it("targets, whatever the context, but not the deploy host", () => {
    const isTarget = parseFilter("name == target.*");
    expect(isTarget({ name: "x.target.web1" })).toBe(true);
    expect(isTarget({ name: "deploy" })).toBe(false);
  });
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
  it("blocks what matches by default, and selects it on request", () => {
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
    expect(filter.hasCriterion("name")).toBe(true);
    expect(filter.hasCriterion("msg")).toBe(false);
    expect(parseFilterExpression("").hasCriterion("levelno")).toBe(false);
  });
});
