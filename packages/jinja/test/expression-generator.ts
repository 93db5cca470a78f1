import type { Random } from "./random.ts";

type Choices = readonly [string, ...string[]];

const TEXTS: Choices = [
  "'a'",
  "'Hello World'",
  "''",
  "' x  y '",
  "'é☃😀'",
  "'a,b,c'",
  "'12'",
  "'-3.5e1'",
  "'<b>&\\''",
  "'l1\\nl2\\n\\nl3'",
  '"it\'s"',
  "'%s-%s'",
  "'{}:{}'",
  "'a' 'b'",
];
const NUMBERS: Choices = [
  "0",
  "1",
  "-1",
  "2",
  "3",
  "7",
  "10",
  "1.5",
  "-2.5",
  "0.5",
  "2.0",
  "1e3",
  "0x1f",
  "1_000",
  "12345678901234567890",
  "1e16",
  "2.675",
];
const NAMES: Choices = [
  "s",
  "e",
  "n",
  "t",
  "f",
  "i",
  "z",
  "fl",
  "f1",
  "big",
  "neg",
  "l",
  "le",
  "ln",
  "lm",
  "d",
  "de",
  "dn",
  "objs",
  "html",
  "multi",
  "uni",
  "caps",
  "nope",
  "x",
  "y",
  "loop",
  "ns",
];
const ATTRIBUTES: Choices = ["a", "b", "n", "v", "k", "x", "nope", "first", "0", "1"];
const FILTERS: Choices = [
  "upper",
  "lower",
  "title",
  "capitalize",
  "length",
  "first",
  "last",
  "list",
  "join",
  "join(', ')",
  "join('-', attribute='n')",
  "sort",
  "sort(reverse=true)",
  "sort(attribute='n')",
  "unique|list",
  "reverse|list",
  "sum",
  "min",
  "max",
  "int",
  "float",
  "int(7)",
  "abs",
  "round",
  "round(1)",
  "round(1, 'floor')",
  "string",
  "trim",
  "default('D')",
  "default('D', true)",
  "d",
  "e",
  "safe",
  "tojson",
  "tojson(indent=2)",
  "pprint",
  "replace('a', 'b')",
  "replace('l', '', 1)",
  "indent(2)",
  "indent(1, true, true)",
  "center(9)",
  "truncate(6)",
  "truncate(6, true, '..', 0)",
  "wordwrap(5)",
  "wordcount",
  "urlencode",
  "striptags",
  "batch(2)|list",
  "batch(3, 'z')|list",
  "slice(2)|list",
  "map('upper')|list",
  "map(attribute='n')|list",
  "map(attribute='v', default=0)|list",
  "select|list",
  "reject('none')|list",
  "select('odd')|list",
  "selectattr('v')|list",
  "selectattr('n', 'equalto', 'x')|list",
  "rejectattr('v', 'defined')|list",
  "groupby('n')",
  "groupby('v', default=0)|list",
  "dictsort",
  "dictsort(by='value')",
  "dictsort(true, reverse=true)",
  "items|list",
  "filesizeformat",
  "xmlattr",
  "format(1, 2)",
  "urlize",
  "forceescape",
  "wordwrap(4, false)",
  "wordwrap(6, wrapstring='|')",
  "batch(0)|list",
  "slice(3, 'f')|list",
  "truncate(5, false, '~', 0)",
  "map('default', 'Q')|list",
  "map(attribute='v.x')|list",
  "map('int')|list",
  "select('in', [1, 'a'])|list",
  "rejectattr('v', 'gt', 1)|list",
  "sort(attribute='n,v')",
  "groupby('n')|map(attribute='list')|list",
  "unique(attribute='n')|list",
  "sum('v', 5)",
  "max(attribute='v')",
  "indent('> ')",
  "trim('hl')",
  "center(width=7)",
  "float(1.5)",
  "int(0, 16)",
  "round(-1)",
  "attr('upper')",
  "urlize(5, nofollow=true)",
];
const TESTS: Choices = [
  "defined",
  "undefined",
  "none",
  "true",
  "false",
  "boolean",
  "integer",
  "float",
  "number",
  "string",
  "mapping",
  "sequence",
  "iterable",
  "callable",
  "odd",
  "even",
  "lower",
  "upper",
  "escaped",
  "divisibleby 3",
  "divisibleby(2)",
  "eq 1",
  "ne('a')",
  "gt 2",
  "in [1, 2, 'a']",
  "sameas none",
  "filter",
  "test",
];
const METHODS: Choices = [
  "upper()",
  "title()",
  "strip()",
  "split()",
  "split(',')",
  "splitlines()",
  "replace('l', 'L')",
  "startswith('a')",
  "endswith(('a', 'd'))",
  "find('l')",
  "count('l')",
  "center(7, '*')",
  "zfill(5)",
  "join(['p', 'q'])",
  "format(1, 'a')",
  "isdigit()",
  "items()",
  "keys()",
  "values()",
  "get('a')",
  "get('zz', 5)",
  "copy()",
  "index('a')",
  "count(1)",
  "pop()",
  "append(1)",
  "partition(' ')",
  "encode()",
  "swapcase()",
  "rsplit(None, 1)",
  "rstrip('d')",
  "rfind('l', 1)",
  "ljust(6, '.')",
  "expandtabs(4)",
  "casefold()",
  "isalnum()",
  "istitle()",
  "rpartition(' ')",
  "removeprefix('a')",
  "lstrip('a')",
  "setdefault('q', 2)",
  "update(q=1)",
  "nope()",
];
const BINARY: Choices = [
  "+",
  "-",
  "*",
  "/",
  "//",
  "%",
  "~",
  "~",
  "and",
  "or",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not in",
];
const FORMATS: Choices = [
  "'%s' % ",
  "'%r|%%' % ",
  "'%5d' % ",
  "'%05.1f' % ",
  "'%x' % ",
  "'%-6s|' % ",
  "'%e' % ",
  "'%g' % ",
  "'%+.3d|' % ",
  "'%#x' % ",
  "'%(b)s' % ",
  "'%c' % ",
  "'%5%' % ",
];

/** Writes random expressions. Most make sense; some mix up types on purpose. */
export class ExpressionGenerator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An expression with at most `depth` levels of operations. */
  expression(depth: number): string {
    const random = this.#random;
    if (depth <= 0 || random.chance(0.25)) return this.#atom(depth);
    const inner = (): string => this.expression(depth - 1);
    switch (random.below(14)) {
      case 0:
      case 1:
      case 2:
        return `${this.#operand(depth)}|${random.pick(FILTERS)}`;
      case 3:
        return `${this.#operand(depth)} is ${random.chance(0.2) ? "not " : ""}${random.pick(TESTS)}`;
      case 4:
      case 5:
        return `${this.#operand(depth)} ${random.pick(BINARY)} ${this.#operand(depth)}`;
      case 6:
        return `${this.#operand(depth)}.${random.pick(METHODS)}`;
      case 7:
        return `${this.#operand(depth)}.${random.pick(ATTRIBUTES)}`;
      case 8:
        // Jinja2 folds slices of constants in a way of its own, so that only variables are cut.
        return random.chance(0.5)
          ? `${this.#operand(depth)}[${inner()}]`
          : `${random.pick(NAMES)}[${this.#slice()}]`;
      case 9:
        return `${inner()} if ${inner()}${random.chance(0.8) ? ` else ${inner()}` : ""}`;
      case 10:
        return `${random.pick(["not ", "-", "+"])}${this.#operand(depth)}`;
      case 11:
        return random.pick(FORMATS) + this.#operand(depth);
      case 12:
        return `${this.#operand(depth)} < ${this.#operand(depth)} ${random.pick(["<=", "==", ">"])} ${this.#operand(depth)}`;
      default:
        return `(${inner()})`;
    }
  }

  #operand(depth: number): string {
    return this.#random.chance(0.7) ? this.#atom(depth) : `(${this.expression(depth - 1)})`;
  }

  #slice(): string {
    const bound = (): string =>
      this.#random.chance(0.5) ? "" : this.#random.pick(["0", "1", "-1", "2", "-2", "9"]);
    return `${bound()}:${bound()}${this.#random.chance(0.3) ? `:${this.#random.pick(["1", "2", "-1", "-2"])}` : ""}`;
  }

  #atom(depth: number): string {
    const random = this.#random;
    const inner = (): string => this.expression(depth - 1);
    switch (random.below(depth > 0 ? 12 : 9)) {
      case 0:
      case 1:
        return random.pick(TEXTS);
      case 2:
        return random.pick(NUMBERS);
      case 3:
        return random.pick(["true", "false", "none", "True", "None"]);
      case 9:
        return `[${inner()}, ${inner()}]`;
      case 10:
        return `{${random.pick(["'a'", "'b'", "1", "none", "(1, 2)"])}: ${inner()}, 'n': ${inner()}}`;
      case 11:
        return random.pick([
          `(${inner()},)`,
          `(${inner()}, ${inner()})`,
          "range(3)",
          `dict(a=${inner()})`,
          "namespace(a=1)",
          "cycler('a', 'b').next()",
          // Python takes any exponent, so that only variables that no template sets to a large number stand there.
          `(${random.pick(["-2", "1 - 2.5", "2", "-1.5", "True"])}) ** ${random.pick(["z", "neg", "2", "fl", "t"])}`,
        ]);
      default:
        return random.pick(NAMES);
    }
  }
}
