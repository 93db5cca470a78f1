import { reprOf } from "../values/repr.ts";
import type { Expression } from "./nodes.ts";
import { describeToken, type Token } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";

/** How {@link OperandParser.parseTuple} reads. */
export interface TupleOptions {
  /** Reads names and literals only, as for assignments. */
  readonly simplified?: boolean;
  /** Whether `a if b else c` may follow. @defaultValue true */
  readonly allowConditional?: boolean;
  /** Whether `()` is allowed. */
  readonly inParentheses?: boolean;
}

/** Reads names, literals and what is in brackets. */
export abstract class OperandParser {
  readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** An expression, by default with `a if b else c`. */
  abstract parseExpression(allowConditional?: boolean): Expression;

  /** Several expressions with commas between them, or just one. */
  abstract parseTuple(options?: TupleOptions): Expression;

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
}

function nameOrConstant({ text, line, offset }: Token): Expression {
  if (text === "true" || text === "True") return { kind: "Const", value: true, line, offset };
  if (text === "false" || text === "False") return { kind: "Const", value: false, line, offset };
  if (text === "none" || text === "None") return { kind: "Const", value: null, line, offset };
  return { kind: "Name", name: text, line, offset };
}
