import type { Expression, Statement, Target } from "./nodes.ts";
import type { Parser } from "./parser.ts";
import { describeToken } from "./token.ts";

/** Reads the rest of a tag, and its body. */
export type TagParser = (parser: Parser) => Statement;

/** The tags of Jinja2. */
export const TAGS: Readonly<Record<string, TagParser>> = {
  for: parseFor,
  if: parseIf,
  block: parseBlockTag,
  extends: (parser) => {
    const { line, offset } = parser.stream.next();
    return { kind: "Extends", template: parser.parseExpression(), line, offset };
  },
  print: parsePrint,
  macro: parseMacro,
  include: parseInclude,
  from: parseFrom,
  import: parseImport,
  set: parseSet,
  with: parseWith,
  autoescape: (parser) => {
    const { line, offset } = parser.stream.next();
    const value = parser.parseExpression();
    return { kind: "Autoescape", value, body: parser.parseBlockAndEnd("endautoescape"), line, offset };
  },
  call: parseCallBlock,
  filter: parseFilterBlock,
};

function parseSet(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const target = parseSetTarget(parser);
  if (parser.stream.skip("assign"))
    return { kind: "Assign", target, value: parser.parseTuple(), line, offset };
  const filter = parser.parseFilter(undefined);
  return { kind: "AssignBlock", target, filter, body: parser.parseBlockAndEnd("endset"), line, offset };
}

function parseSetTarget(parser: Parser): Target {
  if (parser.stream.look().type !== "dot") return parser.parseTarget();
  const { text, line, offset } = parser.stream.expect("name");
  parser.stream.next();
  return { kind: "NamespaceRef", name: text, attribute: parser.stream.expect("name").text, line, offset };
}

function parseFor(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const target = parser.parseTarget();
  parser.stream.expectName("in");
  const iterable = parser.parseTuple({ allowConditional: false });
  const test = parser.stream.skipName("if") ? parser.parseExpression() : undefined;
  const isRecursive = parser.stream.skipName("recursive");
  const body = parser.parseBlock("endfor", "else");
  const otherwise = parser.stream.next().text === "endfor" ? [] : parser.parseBlockAndEnd("endfor");
  return { kind: "For", target, iterable, body, otherwise, test, isRecursive, line, offset };
}

function parseIf(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const test = parser.parseTuple({ allowConditional: false });
  const body = parser.parseBlock("elif", "else", "endif");
  const alternatives: { test: Expression; body: Statement[]; line: number; offset: number }[] = [];
  let end = parser.stream.next();
  while (end.text === "elif") {
    const start = { line: parser.stream.current.line, offset: parser.stream.current.offset };
    const alternative = parser.parseTuple({ allowConditional: false });
    alternatives.push({ test: alternative, body: parser.parseBlock("elif", "else", "endif"), ...start });
    end = parser.stream.next();
  }
  const otherwise = end.text === "else" ? parser.parseBlockAndEnd("endif") : [];
  return { kind: "If", test, body, alternatives, otherwise, line, offset };
}

function parseWith(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const targets: Target[] = [];
  const values: Expression[] = [];
  while (parser.stream.current.type !== "block_end") {
    if (targets.length > 0) parser.stream.expect("comma");
    targets.push(parser.parseTarget());
    parser.stream.expect("assign");
    values.push(parser.parseExpression());
  }
  return { kind: "With", targets, values, body: parser.parseBlockAndEnd("endwith"), line, offset };
}

function parseBlockTag(parser: Parser): Statement {
  const { stream } = parser;
  const { line, offset } = stream.next();
  const name = stream.expect("name").text;
  const isScoped = stream.skipName("scoped");
  const isRequired = stream.skipName("required");
  if (stream.current.type === "sub") {
    throw stream.fail(
      "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
    );
  }
  const body = parser.parseBlockAndEnd("endblock");
  if (isRequired && !body.every(isBlank)) {
    throw stream.fail("Required blocks can only contain comments or whitespace");
  }
  stream.skipName(name);
  return { kind: "Block", name, isScoped, isRequired, body, line, offset };
}

function isBlank(statement: Statement): boolean {
  if (statement.kind !== "Output") return false;
  return statement.items.every((item) => item.kind === "Data" && item.text.trim() === "");
}

function parseInclude(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const template = parser.parseExpression();
  const ignoreMissing = parser.stream.isName("ignore") && parser.stream.nextIsName("missing");
  if (ignoreMissing) {
    parser.stream.next();
    parser.stream.next();
  }
  return { kind: "Include", template, ignoreMissing, withContext: parser.parseContext(true), line, offset };
}

function parseImport(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const template = parser.parseExpression();
  parser.stream.expectName("as");
  const target = parser.parseTargetName().text;
  return { kind: "Import", template, target, withContext: parser.parseContext(false), line, offset };
}

function parseFrom(parser: Parser): Statement {
  const { stream } = parser;
  const { line, offset } = stream.next();
  const template = parser.parseExpression();
  stream.expectName("import");
  const names: { name: string; alias: string }[] = [];
  let withContext: boolean | undefined;
  for (;;) {
    if (names.length > 0) stream.expect("comma");
    if (stream.current.type !== "name") stream.expect("name");
    if (isContext(parser)) break;
    names.push(parseImportedName(parser));
    if (isContext(parser) || stream.current.type !== "comma") break;
  }
  withContext = parser.parseContext(false);
  return { kind: "FromImport", template, names, withContext, line, offset };
}

function isContext({ stream }: Parser): boolean {
  return stream.isOneOf(["with", "without"]) && stream.nextIsName("context");
}

function parseImportedName(parser: Parser): { name: string; alias: string } {
  const token = parser.parseTargetName();
  if (token.text.startsWith("_")) {
    const message = "names starting with an underline can not be imported";
    throw parser.stream.fail(message, token, "TemplateAssertionError");
  }
  const alias = parser.stream.skipName("as") ? parser.parseTargetName().text : token.text;
  return { name: token.text, alias };
}

function parseCallBlock(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const hasParameters = parser.stream.current.type === "lparen";
  const parameters = hasParameters ? parser.parseParameters() : { names: [], defaults: [] };
  const call = parser.parseExpression();
  if (call.kind !== "Call") throw parser.stream.fail("expected call", { line, offset });
  return { kind: "CallBlock", parameters, call, body: parser.parseBlockAndEnd("endcall"), line, offset };
}

function parseFilterBlock(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const filter = parser.parseFilter(undefined, true);
  if (filter === undefined) throw parser.stream.fail(`unexpected ${describeToken(parser.stream.current)}`);
  return { kind: "FilterBlock", filter, body: parser.parseBlockAndEnd("endfilter"), line, offset };
}

function parseMacro(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const name = parser.parseTargetName().text;
  const parameters = parser.parseParameters();
  return { kind: "Macro", name, parameters, body: parser.parseBlockAndEnd("endmacro"), line, offset };
}

function parsePrint(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  const items: Expression[] = [];
  while (parser.stream.current.type !== "block_end") {
    if (items.length > 0) parser.stream.expect("comma");
    items.push(parser.parseExpression());
  }
  return { kind: "Output", items, line, offset };
}

function parseDo(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  return { kind: "ExpressionStatement", expression: parser.parseTuple(), line, offset };
}

function parseBreak(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  return { kind: "Break", line, offset };
}

function parseContinue(parser: Parser): Statement {
  const { line, offset } = parser.stream.next();
  return { kind: "Continue", line, offset };
}
/** The tag of the extension `do`. */
export const DO_TAGS: Readonly<Record<string, TagParser>> = { do: parseDo };

/** The tags of the extension `loopcontrols`. */
export const LOOP_CONTROL_TAGS: Readonly<Record<string, TagParser>> = {
  break: parseBreak,
  continue: parseContinue,
};
