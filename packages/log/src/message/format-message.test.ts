import { describe, expect, it } from "vitest";
import { decodeLooseRecord } from "../decode-record.ts";
import { formatMessage } from "./format-message.ts";

function formatted(template: string, args: string): string {
  const record = decodeLooseRecord(`{"msg": ${JSON.stringify(template)}, "args": ${args}}`);
  return record ? formatMessage(record) : "not a record";
}

describe("message formatting as Python's % operator does it", () => {
  it.each([
    ["%s", '["a"]', "a"],
    ["%s %s", "[1.0, 1]", "1.0 1"],
    ["%s", "[1e20]", "1e+20"],
    ["%s", "[0.00001]", "1e-05"],
    ["%s", "[123456789012345680.0]", "1.2345678901234568e+17"],
    ["%s", "[null]", "None"],
    ["%s %s", "[true, false]", "True False"],
    ["%s", '[[1, "a", null]]', "[1, 'a', None]"],
    ["%s", '[{"a": 1}]', "{'a': 1}"],
    ["%s", '[{"b": 1, "1": 2}]', "{'b': 1, '1': 2}"],
    ["%(a)s-%(b)d", '[{"a": "x", "b": 2}]', "x-2"],
    ["%(a)s-%(b)d", '{"a": "x", "b": 2}', "x-2"],
    ["no spec", '[{"a": 1}]', "no spec"],
    ["%-8s|", '["INFO"]', "INFO    |"],
    ["%5s|", '["ab"]', "   ab|"],
    ["%8.3s|", '["abcdef"]', "     abc|"],
    ["%05s|", '["a"]', "    a|"],
    ["%3s|", '["😀"]', "  😀|"],
    ["%d", "[3.99]", "3"],
    ["%d", "[-3.99]", "-3"],
    ["%d", "[true]", "1"],
    ["%d", "[12345678901234567890]", "12345678901234567890"],
    ["%05d", "[-5]", "-0005"],
    ["%+05d", "[5]", "+0005"],
    ["%.3d", "[5]", "005"],
    ["%#x", "[255]", "0xff"],
    ["%#o", "[8]", "0o10"],
    ["%x", "[-255]", "-ff"],
    ["%.4x", "[255]", "00ff"],
    ["%#X", "[255]", "0XFF"],
    ["%.2f", "[2.675]", "2.67"],
    ["%.0f", "[0.5]", "0"],
    ["%.0f", "[1.5]", "2"],
    ["%.1f", "[0.25]", "0.2"],
    ["%.1f", "[0.35]", "0.3"],
    ["%3.0f%%", "[42]", " 42%"],
    ["%08.2f", "[3.14159]", "00003.14"],
    ["%e", "[12345.678]", "1.234568e+04"],
    ["%g", "[1000000]", "1e+06"],
    ["%g", "[100000]", "100000"],
    ["%#g", "[1.0]", "1.00000"],
    ["%#g", "[100000]", "100000."],
    ["%G %F", "[Infinity, NaN]", "INF NAN"],
    ["%r", '["it\'s"]', '"it\'s"'],
    ["%r", '["a\\"b"]', "'a\"b'"],
    ["%r", '["\\u00e9\\u200b\\u0007\\t"]', "'é\\u200b\\x07\\t'"],
    ["%a", '["é😀"]', "'\\xe9\\U0001f600'"],
    ["%-*d|", "[5, 3]", "3    |"],
    ["%.*f", "[2, 3.14159]", "3.14"],
    ["%c%c", '[65, "é"]', "Aé"],
    ["100%", "[]", "100%"],
    ["100%%", "[]", "100%%"],
    ["%s-%s", '"ab"', "a-b"],
    ["nan %s", "[NaN]", "nan nan"],
    ["%s %s %s", "[-0, -0.0, -Infinity]", "0 -0.0 -inf"],
  ])("%s with %s gives %s", (template, args, expected) => {
    expect(formatted(template, args)).toBe(expected);
  });

  it.each([
    ["%s %s", '["only one"]', "%s %s ['only one']"],
    ["%s", "[1, 2]", "%s [1, 2]"],
    ["%q", "[1]", "%q [1]"],
    ["%s%", "[1]", "%s% [1]"],
    ["%d", '["x"]', "%d ['x']"],
    ["%d", "[null]", "%d [None]"],
    ["%5%", "[1]", "%5% [1]"],
    ["%(b)s", '{"a": 1}', "%(b)s {'a': 1}"],
    ["%999999999d", "[1]", "%999999999d [1]"],
  ])("shows the raw template and its arguments when %s and %s do not fit", (template, args, expected) => {
    expect(formatted(template, args)).toBe(expected);
  });

  it("shows a message that is no string in its Python text form", () => {
    expect(formatMessage({ msg: { a: 1 }, args: [] })).toBe("{'a': 1}");
    expect(formatMessage({ msg: null, args: [] })).toBe("None");
  });
});

it("shows what is nested without end, or holds itself, and does not overflow", () => {
  let deep: unknown = "core";
  for (let level = 0; level < 10_000; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  expect(formatMessage({ msg: "%s", args: [deep] })).toContain("'[nested too deeply]'");
  const loop: unknown[] = [];
  loop.push(loop, loop);
  expect(formatMessage({ msg: loop })).toBe("['[circular]', '[circular]']");
});
