import { reprOf } from "../values/repr.ts";
import type { CompareOperator, Expression } from "./nodes.ts";
import type { TupleOptions } from "./operand-parser.ts";
import { PostfixParser } from "./postfix-parser.ts";
import { describeToken, type TokenType } from "./token.ts";

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

/**
 * Reads expressions: operators by how tightly they bind. Follows Jinja2's parser step by step, so that lines in errors
 * are the same: an operation has the line of its first token, a longer chain that of its last operator.
 */
export class ExpressionParser extends PostfixParser {
  /** An expression, by default with `a if b else c`. */
  override parseExpression(allowConditional = true): Expression {
    return allowConditional ? this.#parseConditional() : this.#parseOr();
  }

  /** Several expressions with commas between them, or just one. */
  override parseTuple(options: TupleOptions = {}): Expression {
    let { line, offset } = this.stream.current;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.stream.expect("comma");
      if (this.#isTupleEnd()) break;
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

  // A keyword such as `in` does not end a tuple: `for x, in l` is an error in Jinja2.
  #isTupleEnd(): boolean {
    const { type } = this.stream.current;
    return type === "variable_end" || type === "block_end" || type === "rparen";
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
    return withFilter ? this.parseFilters(node) : node;
  }
}

function isProduct(type: TokenType): type is keyof typeof PRODUCTS {
  return type in PRODUCTS;
}
