import { reprOf } from "../values/repr.ts";
import { ExpressionParser } from "./expression-parser.ts";
import type { Expression, Output, Parameters, Statement, Target } from "./nodes.ts";
import { DO_TAGS, LOOP_CONTROL_TAGS, TAGS, type TagParser } from "./tag-parsers.ts";
import type { Token } from "./token.ts";
import { TokenStream, type SyntaxErrorAt } from "./token-stream.ts";

/** Extra tags that a template may use. */
export type TemplateExtension = "do" | "loopcontrols";

/**
 * Parses the tokens of a template.
 *
 * @throws SyntaxErrorAt
 */
export function parseTemplate(
  tokens: readonly Token[],
  extensions: readonly TemplateExtension[],
): Statement[] {
  return new Parser(new TokenStream(tokens), extensions).parse();
}

/** Reads statements; the tags themselves are in `tag-parsers.ts`. */
export class Parser extends ExpressionParser {
  readonly #tags: Readonly<Record<string, TagParser>>;
  readonly #openTags: string[] = [];
  readonly #endNames: (readonly string[])[] = [];

  constructor(stream: TokenStream, extensions: readonly TemplateExtension[]) {
    super(stream);
    this.#tags = {
      ...TAGS,
      ...(extensions.includes("do") ? DO_TAGS : {}),
      ...(extensions.includes("loopcontrols") ? LOOP_CONTROL_TAGS : {}),
    };
  }

  parse(): Statement[] {
    return this.#parseBody();
  }

  /** The statements up to one of `endNames`, which becomes the current token. */
  parseBlock(...endNames: readonly string[]): Statement[] {
    this.stream.skip("colon");
    this.stream.expect("block_end");
    this.#endNames.push(endNames);
    const body = this.#parseBody(endNames);
    if (this.stream.current.type === "eof") throw this.#unexpectedEnd(undefined);
    this.#endNames.pop();
    return body;
  }

  /** Like {@link parseBlock}, and passes the end tag. */
  parseBlockAndEnd(endName: string): Statement[] {
    const body = this.parseBlock(endName);
    this.stream.next();
    return body;
  }

  #parseBody(endNames: readonly string[] = []): Statement[] {
    const body: Statement[] = [];
    let output: Output["items"][number][] = [];
    const flush = (): void => {
      const [first] = output;
      if (first !== undefined)
        body.push({ kind: "Output", items: output, line: first.line, offset: first.offset });
      output = [];
    };
    while (this.stream.current.type !== "eof") {
      const token = this.stream.next();
      if (token.type === "data") {
        output.push({ kind: "Data", text: token.text, line: token.line, offset: token.offset });
      } else if (token.type === "variable_begin") {
        output.push(this.parseTuple());
        this.stream.expect("variable_end");
      } else {
        flush();
        if (this.stream.isOneOf(endNames)) return body;
        body.push(this.#parseStatement());
        this.stream.expect("block_end");
      }
    }
    flush();
    return body;
  }

  #parseStatement(): Statement {
    const token = this.stream.current;
    if (token.type !== "name") throw this.stream.fail("tag name expected", token);
    const parse = Object.hasOwn(this.#tags, token.text) ? this.#tags[token.text] : undefined;
    if (parse === undefined) throw this.#unexpectedEnd(token.text);
    this.#openTags.push(token.text);
    const statement = parse(this);
    this.#openTags.pop();
    return statement;
  }

  #unexpectedEnd(tag: string | undefined): SyntaxErrorAt {
    const message = [
      tag === undefined ? "Unexpected end of template." : `Encountered unknown tag ${reprOf(tag)}.`,
    ];
    const wanted = this.#endNames[this.#endNames.length - 1]?.map((name) => reprOf(name)).join(" or ");
    if (wanted !== undefined) {
      message.push(
        tag !== undefined && this.#endNames.some((names) => names.includes(tag))
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
          : `Jinja was looking for the following tags: ${wanted}.`,
      );
    }
    const open = this.#openTags[this.#openTags.length - 1];
    if (open !== undefined) message.push(`The innermost block that needs to be closed is ${reprOf(open)}.`);
    return this.stream.fail(message.join(" "));
  }

  /** Something that can be assigned to. */
  parseTarget(): Target {
    return this.#toTarget(this.parseTuple({ simplified: true }));
  }

  /** A name that can be assigned to. */
  parseTargetName(): Token {
    const token = this.stream.expect("name");
    if (/^(?:[tT]rue|[fF]alse|[nN]one)$/.test(token.text))
      throw this.stream.fail("can't assign to 'name'", token);
    return token;
  }

  #toTarget(node: Expression): Target {
    if (node.kind === "Name") return node;
    if (node.kind === "Tuple")
      return { ...node, kind: "TargetTuple", items: node.items.map((item) => this.#toTarget(item)) };
    throw this.stream.fail(`can't assign to '${node.kind.toLowerCase()}'`, node);
  }

  parseParameters(): Parameters {
    const names: string[] = [];
    const defaults: Expression[] = [];
    this.stream.expect("lparen");
    while (this.stream.current.type !== "rparen") {
      if (names.length > 0) this.stream.expect("comma");
      const { text } = this.parseTargetName();
      if (this.stream.skip("assign")) defaults.push(this.parseExpression());
      else if (defaults.length > 0) throw this.stream.fail("non-default argument follows default argument");
      if (names.includes(text)) throw this.stream.fail(`duplicate argument '${text}' in function definition`);
      names.push(text);
    }
    this.stream.expect("rparen");
    return { names, defaults };
  }

  /** `with context` or `without context`, or else the default. */
  parseContext(byDefault: boolean): boolean {
    if (!this.stream.isOneOf(["with", "without"]) || !this.stream.nextIsName("context")) return byDefault;
    const isWith = this.stream.next().text === "with";
    this.stream.next();
    return isWith;
  }
}
