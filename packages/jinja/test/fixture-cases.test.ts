import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Environment, JinjaError, PyDict, type Value } from "@scap/jinja";
import { parsePythonJson } from "./python-json.ts";

interface Case {
  readonly template: string;
  readonly expected?: string;
  readonly error?: string;
  readonly erb?: boolean;
  readonly format?: string;
}

const text = readFileSync(new URL("fixtures/jinja-cases.json", import.meta.url), "utf8");
const { cases } = JSON.parse(text) as { cases: readonly Case[] };
const document = parsePythonJson(text);
const found = document instanceof PyDict ? document.get("vars") : null;
const variables = found instanceof PyDict ? found : new PyDict();

const ERB = {
  blockStart: "<%",
  blockEnd: "%>",
  variableStart: "<%=",
  variableEnd: "%>",
  commentStart: "<%#",
  commentEnd: "%>",
};
const yamlText = (value: Value): Value =>
  value === null ? "null" : typeof value === "boolean" ? String(value) : value;

function run({ template, erb, format }: Case): { expected?: string; error?: string } {
  const environment = new Environment({
    ...(erb ? ERB : {}),
    ...(format === "yaml" ? { finalize: yamlText } : {}),
  });
  try {
    return { expected: environment.compile(template, "x").render(parseFresh()) };
  } catch (error) {
    if (error instanceof JinjaError) return { error: error.kind };
    throw error;
  }
}

// Templates may change the values they get.
function parseFresh(): PyDict {
  const fresh = parsePythonJson(text);
  const vars = fresh instanceof PyDict ? fresh.get("vars") : undefined;
  return vars instanceof PyDict ? vars : variables;
}

describe("the 750 cases with results of Python's Jinja2", () => {
  it.each(cases.map((testCase, index) => [index, testCase] as const))(
    "agrees on case %i",
    (_index, testCase) => {
      const { expected, error } = testCase;
      const { template } = testCase;
      expect({ template, ...run(testCase) }).toEqual({
        template,
        ...(error === undefined ? { expected } : { error }),
      });
    },
  );
});
