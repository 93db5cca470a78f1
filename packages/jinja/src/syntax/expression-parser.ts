import { reprOf } from "../values/repr.ts";
import type { Binary, CompareOperator, Expression } from "./nodes.ts";
import type { TupleOptions } from "./operand-parser.ts";
import { PostfixParser } from "./postfix-parser.ts";
import { describeToken, type Token, type TokenType } from "./token.ts";

/** How tightly operators bind, the loosest first. */
const [OR, AND, NOT, COMPARE, SUM, CONCAT, PRODUCT, POWER] = [1, 2, 3, 4, 5, 6, 7, 8];

const TIGHTNESS: Readonly<Partial<Record<TokenType, number>>> = {
  ...{ eq: COMPARE, ne: COMPARE, lt: COMPARE, lteq: COMPARE, gt: COMPARE, gteq: COMPARE },
  ...{ add: SUM, sub: SUM, tilde: CONCAT, pow: POWER },
  ...{ mul: PRODUCT, div: PRODUCT, floordiv: PRODUCT, mod: PRODUCT },
};
const SIGNS = { add: "+", sub: "-" } as const;

/**
 * Reads expressions: operators by how tightly they bind. Follows Jinja2's parser step by step, so that lines in errors
 * are the same: an operation has the line of its first token, a longer chain that of its last operator.
 */
export class ExpressionParser extends PostfixParser {
  /** An expression, by default with `a if b else c`. */
  override parseExpression(allowConditional = true): Expression {
    return allowConditional ? this.#parseConditional() : this.#parseOperation(OR);
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
    let value = this.#parseOperation(OR);
    while (this.stream.skipName("if")) {
      const test = this.#parseOperation(OR);
      const otherwise = this.stream.skipName("else") ? this.#parseConditional() : undefined;
      value = { kind: "Conditional", test, value, otherwise, line, offset };
      ({ line, offset } = this.stream.current);
    }
    return value;
  }

  /** Operands with operators between them that bind at least as tightly as `least`. */
  #parseOperation(least: number): Expression {
    const start = this.stream.current;
    let left = least <= NOT && this.stream.isName("not") ? this.#parseNot() : this.#parseUnary();
    let before: number | undefined;
    for (;;) {
      const { current } = this.stream;
      const tightness = this.#tightness();
      if (tightness === undefined || tightness < least) return left;
      left = this.#parseOperator(left, tightness, tightness === before ? current : start);
      before = tightness;
    }
  }

  #parseNot(): Expression {
    const { line, offset } = this.stream.next();
    return { kind: "Not", operand: this.#parseOperation(NOT), line, offset };
  }

  /** How tightly the operator binds that comes now; undefined when there is none. */
  #tightness(): number | undefined {
    const { text, type } = this.stream.current;
    if (type !== "name") return TIGHTNESS[type];
    if (text === "or") return OR;
    if (text === "and") return AND;
    return text === "in" || (text === "not" && this.stream.nextIsName("in")) ? COMPARE : undefined;
  }

  /** What follows the operand `left`, whose place is that of `start`. */
  #parseOperator(left: Expression, tightness: number, { line, offset }: Token): Expression {
    if (tightness === COMPARE) return this.#parseCompare(left, offset);
    if (tightness === CONCAT) return this.#parseConcat(left, { line, offset });
    const operator = this.stream.next();
    const right = this.#parseOperation(tightness + 1);
    if (tightness === OR || tightness === AND)
      return { kind: tightness === OR ? "Or" : "And", left, right, line, offset };
    const symbol = operator.text as Binary["operator"]; // the others have other tightnesses
    return { kind: "Binary", operator: symbol, left, right, line, offset: operator.offset };
  }

  #parseCompare(first: Expression, offset: number): Expression {
    const operations: { operator: CompareOperator; operand: Expression }[] = [];
    while (this.#tightness() === COMPARE) {
      const isNegated = this.stream.skipName("not");
      const { text } = this.stream.next();
      const operator = (isNegated ? "not in" : text) as CompareOperator; // what binds so tightly
      operations.push({ operator, operand: this.#parseOperation(COMPARE + 1) });
    }
    return { kind: "Compare", first, operations, line: this.stream.current.line, offset };
  }

  #parseConcat(first: Expression, place: { readonly line: number; readonly offset: number }): Expression {
    const items = [first];
    while (this.stream.skip("tilde")) items.push(this.#parseOperation(CONCAT + 1));
    return { kind: "Concat", items, ...place };
  }

  #parseUnary(withFilter = true): Expression {
    const { type, line, offset } = this.stream.current;
    let node: Expression;
    if (type === "sub" || type === "add") {
      this.stream.next();
      node = { kind: "Unary", operator: SIGNS[type], operand: this.#parseUnary(false), line, offset };
    } else {
      node = this.parsePrimary();
    }
    node = this.parsePostfix(node);
    return withFilter ? this.parseFilters(node) : node;
  }
}
