import { reprOf } from "../values/repr.ts";
import type { CallArguments, Call, CompareOperator, Expression, Filter, SliceNode } from "./nodes.ts";
import { describeToken, type Token, type TokenType } from "./token.ts";
import type { SyntaxErrorAt, TokenStream } from "./token-stream.ts";

/** How {@link ExpressionParser.parseTuple} reads. */
export interface TupleOptions {
  /** Reads names and literals only, as for assignments. */
  readonly simplified?: boolean;
  /** Whether `a if b else c` may follow. @defaultValue true */
  readonly allowConditional?: boolean;
  /** A keyword that ends the tuple. */
  readonly endName?: string;
  /** Whether `()` is allowed. */
  readonly inParentheses?: boolean;
}

const COMPARISONS: Readonly<Partial<Record<TokenType, CompareOperator>>> = {
  eq: "==",
  ne: "!=",
  lt: "<",
  lteq: "<=",
  gt: ">",
  gteq: ">=",
};
const SUMS = { add: "+", sub: "-" } as const;
const PRODUCTS = { mul: "*", div: "/", floordiv: "//", mod: "%" } as const;
const TEST_ARGUMENT_STARTS: ReadonlySet<TokenType> = new Set<TokenType>([
  "name",
  "string",
  "integer",
  "float",
  "lparen",
  "lbracket",
  "lbrace",
]);
const NO_ARGUMENTS: CallArguments = { args: [], kwargs: [], starArgs: undefined, starKwargs: undefined };

/**
 * Reads expressions. Follows Jinja2's parser step by step, so that lines in errors are the same:
 * an operation has the line of its first token, a longer chain that of its last operator.
 */
export class ExpressionParser {
  readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** An expression, by default with `a if b else c`. */
  parseExpression(allowConditional = true): Expression {
    return allowConditional ? this.#parseConditional() : this.#parseOr();
  }

  /** Several expressions with commas between them, or just one. */
  parseTuple(options: TupleOptions = {}): Expression {
    let { line, offset } = this.stream.current;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.stream.expect("comma");
      if (this.#isTupleEnd(options.endName)) break;
      items.push(
        options.simplified === true ? this.parsePrimary() : this.parseExpression(options.allowConditional),
      );
      if (this.stream.current.type !== "comma") break;
      isTuple = true;
      ({ line, offset } = this.stream.current);
    }
    const [only] = items;
    if (!isTuple && only !== undefined) return only;
    if (!isTuple && options.inParentheses !== true) {
      throw this.stream.fail(`Expected an expression, got ${reprOf(describeToken(this.stream.current))}`);
    }
    return { kind: "Tuple", items, line, offset };
  }

  #isTupleEnd(endName: string | undefined): boolean {
    const { type } = this.stream.current;
    if (type === "variable_end" || type === "block_end" || type === "rparen") return true;
    return endName !== undefined && this.stream.isName(endName);
  }

  #parseConditional(): Expression {
    let { line, offset } = this.stream.current;
    let value = this.#parseOr();
    while (this.stream.skipName("if")) {
      const test = this.#parseOr();
      const otherwise = this.stream.skipName("else") ? this.#parseConditional() : undefined;
      value = { kind: "Conditional", test, value, otherwise, line, offset };
      ({ line, offset } = this.stream.current);
    }
    return value;
  }

  #parseOr(): Expression {
    let { line, offset } = this.stream.current;
    let left = this.#parseAnd();
    while (this.stream.skipName("or")) {
      left = { kind: "Or", left, right: this.#parseAnd(), line, offset };
      ({ line, offset } = this.stream.current);
    }
    return left;
  }

  #parseAnd(): Expression {
    let { line, offset } = this.stream.current;
    let left = this.#parseNot();
    while (this.stream.skipName("and")) {
      left = { kind: "And", left, right: this.#parseNot(), line, offset };
      ({ line, offset } = this.stream.current);
    }
    return left;
  }

  #parseNot(): Expression {
    if (!this.stream.isName("not")) return this.#parseCompare();
    const { line, offset } = this.stream.next();
    return { kind: "Not", operand: this.#parseNot(), line, offset };
  }

  #parseCompare(): Expression {
    const { offset } = this.stream.current;
    const first = this.#parseSum();
    const operations: { operator: CompareOperator; operand: Expression }[] = [];
    for (let operator = this.#compareOperator(); operator !== undefined; operator = this.#compareOperator()) {
      operations.push({ operator, operand: this.#parseSum() });
    }
    if (operations.length === 0) return first;
    return { kind: "Compare", first, operations, line: this.stream.current.line, offset };
  }

  #compareOperator(): CompareOperator | undefined {
    const symbol = COMPARISONS[this.stream.current.type];
    if (symbol !== undefined) {
      this.stream.next();
      return symbol;
    }
    if (this.stream.skipName("in")) return "in";
    if (!this.stream.isName("not") || !this.stream.nextIsName("in")) return undefined;
    this.stream.next();
    this.stream.next();
    return "not in";
  }

  #parseSum(): Expression {
    let { line } = this.stream.current;
    let left = this.#parseConcat();
    for (
      let type = this.stream.current.type;
      type === "add" || type === "sub";
      type = this.stream.current.type
    ) {
      const { offset } = this.stream.next();
      left = { kind: "Binary", operator: SUMS[type], left, right: this.#parseConcat(), line, offset };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #parseConcat(): Expression {
    const { line, offset } = this.stream.current;
    const first = this.#parseProduct();
    if (this.stream.current.type !== "tilde") return first;
    const items = [first];
    while (this.stream.skip("tilde")) items.push(this.#parseProduct());
    return { kind: "Concat", items, line, offset };
  }

  #parseProduct(): Expression {
    let { line } = this.stream.current;
    let left = this.#parsePower();
    for (let type = this.stream.current.type; isProduct(type); type = this.stream.current.type) {
      const { offset } = this.stream.next();
      left = { kind: "Binary", operator: PRODUCTS[type], left, right: this.#parsePower(), line, offset };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #parsePower(): Expression {
    let { line } = this.stream.current;
    let left = this.#parseUnary();
    while (this.stream.current.type === "pow") {
      const { offset } = this.stream.next();
      left = { kind: "Binary", operator: "**", left, right: this.#parseUnary(), line, offset };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #parseUnary(withFilter = true): Expression {
    const { type, line, offset } = this.stream.current;
    let node: Expression;
    if (type === "sub" || type === "add") {
      this.stream.next();
      node = { kind: "Unary", operator: SUMS[type], operand: this.#parseUnary(false), line, offset };
    } else {
      node = this.parsePrimary();
    }
    node = this.parsePostfix(node);
    return withFilter ? this.#parseFilters(node) : node;
  }

  /** A name, a literal or something in brackets. */
  parsePrimary(): Expression {
    const token = this.stream.current;
    switch (token.type) {
      case "name":
        this.stream.next();
        return nameOrConstant(token);
      case "string":
        return this.#parseStrings();
      case "integer":
      case "float":
        this.stream.next();
        return { kind: "Const", value: token.number ?? 0, line: token.line, offset: token.offset };
      case "lparen":
        return this.#parseParentheses();
      case "lbracket":
        return this.#parseList();
      case "lbrace":
        return this.#parseDict();
      default:
        throw this.stream.fail(`unexpected ${reprOf(describeToken(token))}`, token);
    }
  }

  #parseStrings(): Expression {
    const { line, offset, text } = this.stream.next();
    let value = text;
    while (this.stream.current.type === "string") value += this.stream.next().text;
    return { kind: "Const", value, line, offset };
  }

  #parseParentheses(): Expression {
    this.stream.next();
    const node = this.parseTuple({ inParentheses: true });
    this.stream.expect("rparen");
    return node;
  }

  #parseList(): Expression {
    const { line, offset } = this.stream.expect("lbracket");
    const items: Expression[] = [];
    while (this.stream.current.type !== "rbracket") {
      if (items.length > 0) this.stream.expect("comma");
      if (this.stream.is("rbracket")) break;
      items.push(this.parseExpression());
    }
    this.stream.expect("rbracket");
    return { kind: "List", items, line, offset };
  }

  #parseDict(): Expression {
    const { line, offset } = this.stream.expect("lbrace");
    const items: { key: Expression; value: Expression }[] = [];
    while (this.stream.current.type !== "rbrace") {
      if (items.length > 0) this.stream.expect("comma");
      if (this.stream.is("rbrace")) break;
      const key = this.parseExpression();
      this.stream.expect("colon");
      items.push({ key, value: this.parseExpression() });
    }
    this.stream.expect("rbrace");
    return { kind: "Dict", items, line, offset };
  }

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

  #parseFilters(operand: Expression): Expression {
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
    return { kind: "Call", callee, call: this.#parseArguments(), line, offset };
  }

  #parseArguments(): CallArguments {
    const open = this.stream.expect("lparen");
    const args: Expression[] = [];
    const kwargs: { name: string; value: Expression }[] = [];
    let starArgs: Expression | undefined;
    let starKwargs: Expression | undefined;
    for (let isFirst = true; this.stream.current.type !== "rparen"; isFirst = false) {
      if (!isFirst) this.stream.expect("comma");
      if (this.stream.is("rparen")) break;
      if (this.stream.current.type === "mul") {
        if (starArgs !== undefined || starKwargs !== undefined) throw this.#badCall(open);
        this.stream.next();
        starArgs = this.parseExpression();
      } else if (this.stream.current.type === "pow") {
        if (starKwargs !== undefined) throw this.#badCall(open);
        this.stream.next();
        starKwargs = this.parseExpression();
      } else if (this.stream.current.type === "name" && this.stream.look().type === "assign") {
        if (starKwargs !== undefined) throw this.#badCall(open);
        kwargs.push(this.#parseKeywordArgument(kwargs.map(({ name }) => name)));
      } else {
        if (starArgs !== undefined || starKwargs !== undefined || kwargs.length > 0)
          throw this.#badCall(open);
        args.push(this.parseExpression());
      }
    }
    this.stream.expect("rparen");
    return { args, kwargs, starArgs, starKwargs };
  }

  #parseKeywordArgument(known: readonly string[]): { name: string; value: Expression } {
    const token = this.stream.next();
    this.stream.next();
    if (known.includes(token.text)) throw this.stream.fail(`keyword argument repeated: ${token.text}`, token);
    return { name: token.text, value: this.parseExpression() };
  }

  #badCall(open: Token): SyntaxErrorAt {
    return this.stream.fail("invalid syntax for function call expression", open);
  }

  /** `| name(...)`, any number of times; `target` is missing for filter blocks. */
  parseFilter(target: Expression | undefined, startsInline = false): Filter | undefined {
    let node: Filter | undefined;
    let isInline = startsInline;
    while (this.stream.current.type === "pipe" || isInline) {
      if (!isInline) this.stream.next();
      const { line, offset } = this.stream.current;
      const name = this.#parseDottedName();
      const call = this.stream.current.type === "lparen" ? this.#parseArguments() : NO_ARGUMENTS;
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
    if (type === "lparen") return this.#parseArguments();
    if (!TEST_ARGUMENT_STARTS.has(type) || this.stream.isName("else", "or", "and")) return NO_ARGUMENTS;
    if (this.stream.isName("is")) throw this.stream.fail("You cannot chain multiple tests with is");
    return { ...NO_ARGUMENTS, args: [this.parsePostfix(this.parsePrimary())] };
  }
}

function isProduct(type: TokenType): type is keyof typeof PRODUCTS {
  return type in PRODUCTS;
}

function nameOrConstant({ text, line, offset }: Token): Expression {
  if (text === "true" || text === "True") return { kind: "Const", value: true, line, offset };
  if (text === "false" || text === "False") return { kind: "Const", value: false, line, offset };
  if (text === "none" || text === "None") return { kind: "Const", value: null, line, offset };
  return { kind: "Name", name: text, line, offset };
}
