import { ArgumentParser } from "./argument-parser.ts";
import type { Call, CallArguments, Expression, Filter, SliceNode } from "./nodes.ts";
import type { TokenType } from "./token.ts";

const TEST_ARGUMENT_STARTS: ReadonlySet<TokenType> = new Set<TokenType>([
  "name",
  "string",
  "integer",
  "float",
  "lparen",
  "lbracket",
  "lbrace",
]);
/** Names that go on with the expression instead of being the argument of a test. */
const OPERATOR_NAMES = ["else", "or", "and"];
const NO_ARGUMENTS: CallArguments = { args: [], kwargs: [], starArgs: undefined, starKwargs: undefined };

/** Reads what follows an operand: members, calls, filters and tests. */
export abstract class PostfixParser extends ArgumentParser {
  /** Members and calls after an operand. */
  parsePostfix(operand: Expression): Expression {
    let node = operand;
    for (;;) {
      const { type } = this.stream.current;
      if (type === "dot") node = this.#parseMember(node);
      else if (type === "lbracket") node = this.#parseSubscript(node);
      else if (type === "lparen") node = this.#parseCall(node);
      else return node;
    }
  }

  /** Filters, tests and calls after an operand with its sign. */
  parseFilters(operand: Expression): Expression {
    let node = operand;
    for (;;) {
      if (this.stream.current.type === "pipe") node = this.parseFilter(node) ?? node;
      else if (this.stream.isName("is")) node = this.#parseTest(node);
      else if (this.stream.current.type === "lparen") node = this.#parseCall(node);
      else return node;
    }
  }

  #parseMember(object: Expression): Expression {
    const { line } = this.stream.next();
    const member = this.stream.next();
    const { offset } = member;
    if (member.type === "name") return { kind: "GetAttribute", object, name: member.text, line, offset };
    if (member.type !== "integer") throw this.stream.fail("expected name or number", member);
    const key: Expression = { kind: "Const", value: member.number ?? 0, line: member.line, offset };
    return { kind: "GetItem", object, key, line, offset };
  }

  #parseSubscript(object: Expression): Expression {
    const { line, offset } = this.stream.next();
    const keys: Expression[] = [];
    while (this.stream.current.type !== "rbracket") {
      if (keys.length > 0) this.stream.expect("comma");
      keys.push(this.#parseKey());
    }
    this.stream.expect("rbracket");
    const [only] = keys;
    if (keys.length !== 1 || only === undefined) {
      return { kind: "GetItem", object, key: { kind: "Tuple", items: keys, line, offset }, line, offset };
    }
    if (only.kind === "Slice") return { kind: "GetSlice", object, slice: only, line, offset };
    return { kind: "GetItem", object, key: only, line, offset };
  }

  #parseKey(): Expression {
    const { line, offset } = this.stream.current;
    const start = this.stream.current.type === "colon" ? undefined : this.parseExpression();
    if (start !== undefined && this.stream.current.type !== "colon") return start;
    this.stream.expect("colon");
    const stop = this.stream.current.type === "colon" ? undefined : this.#parseSliceBound();
    const step = this.stream.skip("colon") ? this.#parseSliceBound() : undefined;
    const slice: SliceNode = { kind: "Slice", start, stop, step, line, offset };
    return slice;
  }

  #parseSliceBound(): Expression | undefined {
    const { type } = this.stream.current;
    return type === "rbracket" || type === "comma" ? undefined : this.parseExpression();
  }

  #parseCall(callee: Expression): Call {
    const { line, offset } = this.stream.current;
    return { kind: "Call", callee, call: this.parseArguments(), line, offset };
  }

  /** `| name(...)`, any number of times; `target` is missing for filter blocks. */
  parseFilter(target: Expression | undefined, startsInline = false): Filter | undefined {
    let node: Filter | undefined;
    let isInline = startsInline;
    while (this.stream.current.type === "pipe" || isInline) {
      if (!isInline) this.stream.next();
      const { line, offset } = this.stream.current;
      const name = this.#parseDottedName();
      const call = this.stream.current.type === "lparen" ? this.parseArguments() : NO_ARGUMENTS;
      node = { kind: "Filter", target: node ?? target, name, call, line, offset };
      isInline = false;
    }
    return node;
  }

  #parseDottedName(): string {
    let name = this.stream.expect("name").text;
    while (this.stream.skip("dot")) name += `.${this.stream.expect("name").text}`;
    return name;
  }

  #parseTest(target: Expression): Expression {
    const { line } = this.stream.next();
    const isNegated = this.stream.skipName("not");
    const { offset } = this.stream.current;
    const name = this.#parseDottedName();
    const test: Expression = { kind: "Test", target, name, call: this.#parseTestArguments(), line, offset };
    return isNegated ? { kind: "Not", operand: test, line, offset } : test;
  }

  #parseTestArguments(): CallArguments {
    const { type } = this.stream.current;
    if (type === "lparen") return this.parseArguments();
    if (!TEST_ARGUMENT_STARTS.has(type) || this.stream.isOneOf(OPERATOR_NAMES)) return NO_ARGUMENTS;
    if (this.stream.isName("is")) throw this.stream.fail("You cannot chain multiple tests with is");
    return { ...NO_ARGUMENTS, args: [this.parsePostfix(this.parsePrimary())] };
  }
}
