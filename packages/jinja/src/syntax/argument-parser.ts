import type { CallArguments, Expression } from "./nodes.ts";
import { OperandParser } from "./operand-parser.ts";
import type { Token } from "./token.ts";
import type { SyntaxErrorAt } from "./token-stream.ts";

/** Reads the arguments of calls, filters and tests. */
export abstract class ArgumentParser extends OperandParser {
  /** `(a, b, name=c, *d, **e)` */
  parseArguments(): CallArguments {
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
}
