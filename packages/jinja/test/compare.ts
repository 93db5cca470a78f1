import { Environment, JinjaError, PyDict, type EnvironmentOptions } from "@scap/jinja";
import type { PythonRequest, PythonResult } from "./python-jinja.ts";
import { parsePythonJson } from "./python-json.ts";

/** What our engine makes of a template, in Python's form. */
export function renderOurs({
  template,
  templates = {},
  variables,
  options = {},
}: PythonRequest): PythonResult {
  try {
    const sources: Readonly<Record<string, string>> = { x: template, ...templates };
    const environment = new Environment({
      ...toOurOptions(options),
      loader: (name) => (Object.hasOwn(sources, name) ? sources[name] : undefined),
    });
    const values = parsePythonJson(variables);
    return { output: environment.getTemplate("x").render(values instanceof PyDict ? values : {}) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return { kind: error.kind, line: error.location?.line ?? null, message: error.message };
  }
}

function toOurOptions(options: Readonly<Record<string, unknown>>): EnvironmentOptions {
  const names = Object.entries(options).map(([name, value]) => [OPTION_NAMES[name] ?? name, value]);
  return Object.fromEntries(names) as EnvironmentOptions;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  trim_blocks: "trimBlocks",
  lstrip_blocks: "lstripBlocks",
  keep_trailing_newline: "keepTrailingNewline",
  block_start_string: "blockStart",
  block_end_string: "blockEnd",
  variable_start_string: "variableStart",
  variable_end_string: "variableEnd",
  comment_start_string: "commentStart",
  comment_end_string: "commentEnd",
  line_statement_prefix: "lineStatementPrefix",
  line_comment_prefix: "lineCommentPrefix",
  newline_sequence: "newlineSequence",
};

// Jinja2 computes constants ahead, where an error has no line yet; ours comes when that part runs, or never.
function isCompileTimeError({ kind, line }: PythonResult): boolean {
  return kind === "UndefinedError" && line === null;
}

/** Errors for what is left out by intent; the README has a table of it. */
const LEFT_OUT: readonly string[] = ["is a complex number", "'bytes object' has no attribute"];

/** Says in which way our result differs from Python's, or `undefined` when they agree. */
export function difference(python: PythonResult, ours: PythonResult): string | undefined {
  if (python.output !== undefined && / at 0x[0-9a-f]+/.test(python.output)) {
    return ours.kind === "UnprintableError" ? undefined : `expected an error, got ${show(ours)}`;
  }
  if (isCompileTimeError(python)) return undefined;
  // Ours stops where Python makes a text with an address, and goes on to an error or to a text without it.
  if (ours.kind === "UnprintableError") return undefined;
  if (LEFT_OUT.some((text) => ours.message?.includes(text))) return undefined;
  const agrees =
    python.output === undefined
      ? sameKind(python, ours) && (python.line === null || python.line === ours.line)
      : python.output === ours.output;
  return agrees ? undefined : `Python: ${show(python)}\n  ours:   ${show(ours)}`;
}

// What Python's own compiler refuses is a syntax error of the template here, and so is what Jinja2's parser fails on.
function sameKind(python: PythonResult, ours: PythonResult): boolean {
  if (ours.kind === "TemplateSyntaxError" && python.kind === "AttributeError") return python.line === null;
  return python.kind === ours.kind || (python.kind === "SyntaxError" && ours.kind === "TemplateSyntaxError");
}

function show({ output, kind, line, message }: PythonResult): string {
  return output === undefined ? `${kind} in line ${line} (${message})` : JSON.stringify(output);
}
