import { ExpressionGenerator } from "./expression-generator.ts";
import type { PythonRequest } from "./python-jinja.ts";
import { Random } from "./random.ts";
import { LIBRARY, LIBRARY_USES, LOOPS, PARENTS } from "./template-library.ts";

const TARGETS = ["x", "y", "s", "i", "_z"] as const;
const DATA = [
  ...["text", " ", "\n", "\n  ", "  \n\n", "a b\n", "# c\n", "\t", "}} %}", "é", "\r\n", "\r", "\n \t"],
  ...[
    "\n## if s:\n  x\n## endif\n",
    "\n  ## for x in ln\n{{ x }}\n ## endfor\n",
    "\n%% c {{ s }}\n",
    "a %% b\n",
    "## c",
  ],
] as const;

/** Levels of statements within statements. */
const OUTERMOST = 3;

/** Writes a random template together with the settings to render it with. */
export class TemplateGenerator {
  readonly #random: Random;
  readonly #expressions: ExpressionGenerator;
  #blocks = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#expressions = new ExpressionGenerator(this.#random);
  }

  /** The next template; `variables` is JSON text. */
  generate(variables: string): PythonRequest {
    this.#blocks = 0;
    const random = this.#random;
    const parent = random.chance(0.08) ? this.#child() : "";
    const template = parent + this.#body(OUTERMOST) + (random.chance(0.03) ? this.#broken() : "");
    return { template, templates: LIBRARY, variables, options: this.#options() };
  }

  /** An `extends` and blocks of the parent; what the template has besides them is not printed. */
  #child(): string {
    const random = this.#random;
    const parent = random.pick(["''", "s", "nope", ...PARENTS.map((name) => `'${name}'`)]);
    const block = (name: string): string =>
      this.#tag(`block ${name}${random.pick(["", "", " scoped", " required"])}`) +
      random.pick([
        "",
        "{{ super() }}",
        "{{ super.super() }}",
        "{{ self.b() }}",
        "{{ x }}{{ from_middle }}",
      ]) +
      this.#body(1) +
      this.#tag(random.pick(["endblock", `endblock ${name}`]));
    return (
      (random.chance(0.2) ? this.#tag("set s = 'before'") : "") +
      this.#tag(`extends ${parent}`) +
      (random.chance(0.8) ? block("a") : "") +
      (random.chance(0.4) ? block("b") : "")
    );
  }

  #options(): Record<string, unknown> {
    const random = this.#random;
    const options: Record<string, unknown> = {};
    if (random.chance(0.2)) options["trim_blocks"] = true;
    if (random.chance(0.2)) options["lstrip_blocks"] = true;
    if (random.chance(0.1)) options["keep_trailing_newline"] = true;
    if (random.chance(0.2)) options["undefined"] = random.pick(["chainable", "strict", "debug"]);
    if (random.chance(0.15)) options["autoescape"] = true;
    if (random.chance(0.05)) options["newline_sequence"] = "\r\n";
    if (random.chance(0.1)) options["line_statement_prefix"] = "##";
    if (random.chance(0.1)) options["line_comment_prefix"] = "%%";
    if (random.chance(0.3)) options["extensions"] = ["do", "loopcontrols"];
    return options;
  }

  #body(depth: number): string {
    let text = "";
    for (let count = 1 + this.#random.below(4); count > 0; count--) text += this.#part(depth);
    return text;
  }

  #part(depth: number): string {
    const random = this.#random;
    const choice = random.below(10);
    if (choice < 2) return random.pick(DATA);
    // Jinja2 turns macros and filter blocks with such an include into generators by mistake.
    if (depth === OUTERMOST && random.chance(0.02)) return this.#tag("include 'inc' without context");
    if (choice < 6 || depth <= 0) return this.#output();
    return this.#statement(depth - 1);
  }

  #expression(): string {
    const text = this.#expressions.expression(this.#random.below(4));
    return this.#random.chance(0.1) ? text.replace(" ", "\n") : text;
  }

  #output(): string {
    const [start, end] = this.#signs();
    return `{{${start} ${this.#expression()} ${end === "+" ? "" : end}}}`;
  }

  #tag(content: string): string {
    const [start, end] = this.#signs();
    return `{%${start} ${content} ${end}%}`;
  }

  #signs(): [string, string] {
    const sign = (): string => (this.#random.chance(0.2) ? this.#random.pick(["-", "-", "+"]) : "");
    return [sign(), sign()];
  }

  #statement(depth: number): string {
    const random = this.#random;
    const target = random.pick(TARGETS);
    const block = (open: string, close: string): string =>
      this.#tag(open) + this.#body(depth) + this.#tag(close);
    switch (random.below(20)) {
      case 0:
      case 1:
      case 2:
        return this.#loop(depth, target);
      case 3:
      case 4:
        return this.#condition(depth);
      case 5:
      case 6:
        return this.#tag(`set ${target} = ${this.#expression()}`);
      case 7:
        return block(`set ${target}${random.pick(["", "", " | upper", " | replace('a', 'b')"])}`, "endset");
      case 8:
        return block(`with ${target} = ${random.pick(["1", "s", "[1, 2]", "nope", "x"])}`, "endwith");
      case 9:
        return this.#macro(depth);
      case 10:
        return `${this.#tag("macro c()")}({{ caller() }})${this.#tag("endmacro")}${block("call c()", "endcall")}`;
      case 11:
        return block(
          `filter ${random.pick(["upper", "indent(2)", "replace('a', 'b')|lower", "trim", "escape"])}`,
          "endfilter",
        );
      case 12:
        return block(
          `block ${random.pick(["a", "b", "c"])}${this.#blocks++}${random.pick(["", "", " scoped"])}`,
          "endblock",
        );
      case 13:
        return block(`autoescape ${random.pick(["true", "false"])}`, "endautoescape");
      case 14:
        return random.pick(LIBRARY_USES);
      case 15:
        return random.pick(LOOPS);
      case 16:
        return `{% set ns = namespace(v=0) %}${this.#tag("for q in ln")}{% set ns.v = ns.v + q %}${this.#tag("endfor")}{{ ns.v }}`;
      case 17:
        return `{%${random.pick(["", "-", "+"])} raw %} {{ x }}\n {% if %}{%${random.pick(["", "-", "+"])} endraw ${random.pick(["", "-", "+"])}%}`;
      case 18:
        return `{#${random.pick(["", "-", "+"])} comment\n ${random.pick(["", "-", "+"])}#}`;
      default:
        return this.#tag(
          random.pick([`do ${this.#expression()}`, `print ${this.#expression()}, 1`, "break", "continue"]),
        );
    }
  }

  #loop(depth: number, target: string): string {
    const random = this.#random;
    const names = random.pick([target, target, target, "x, y", "(x, y)"]);
    const members = random.pick([
      "ln",
      "l",
      "d",
      "d.items()",
      "objs",
      "range(3)",
      "lm",
      "le",
      "[[1, 2], [3, 4]]",
      "'ab'",
      this.#expression(),
    ]);
    const test = random.chance(0.25)
      ? ` if ${random.pick(["x", "loop.first", "x != 1", this.#expression()])}`
      : "";
    const extra = random.pick([
      "",
      "",
      "{{ loop.index }}",
      "{{ loop.last }}{{ loop.length }}",
      "{{ loop.previtem }},{{ loop.nextitem }}",
      "{{ loop.cycle(1, 2) }}",
      "{{ loop.changed(x) }}",
      "{{ loop.revindex0 }}{{ loop.depth }}",
    ]);
    const recursive = random.chance(0.1) ? " recursive" : "";
    const otherwise = random.chance(0.2) ? this.#tag("else") + this.#body(depth) : "";
    return (
      this.#tag(`for ${names} in ${members}${test}${recursive}`) +
      extra +
      this.#body(depth) +
      otherwise +
      this.#tag("endfor")
    );
  }

  #condition(depth: number): string {
    const random = this.#random;
    let text = this.#tag(`if ${this.#expression()}`) + this.#body(depth);
    if (random.chance(0.3)) text += this.#tag(`elif ${this.#expression()}`) + this.#body(depth);
    if (random.chance(0.4)) text += this.#tag("else") + this.#body(depth);
    return text + this.#tag("endif");
  }

  #macro(depth: number): string {
    const random = this.#random;
    const parameters = random.pick(["", "x", "x, y=1", "x='d', y=x", "x, caller=none"]);
    const extra = random.pick(["", "", "{{ varargs }}", "{{ kwargs }}"]);
    const call = random.pick([
      "m()",
      "m(1)",
      "m(1, 2)",
      "m(y=2)",
      "m(*ln)",
      "m(**de)",
      `m(${this.#expression()})`,
      "m",
    ]);
    return `${this.#tag(`macro m(${parameters})`)}${extra}${this.#body(depth)}${this.#tag("endmacro")}{{ ${call} }}`;
  }

  #broken(): string {
    return this.#random.pick([
      "{{ ",
      "{% if %}",
      "{% endfor %}",
      "{{ 1 + }}",
      "{% nope %}",
      "{{ x|nofilter }}",
      "{{ x is notest }}",
      "{# ",
      "{% raw %}",
      "{{ 'a }}",
      "{{ (1 }}",
      "{% set 1 = 2 %}",
      "{{ a b }}",
      "{% for x in %}{% endfor %}",
      "{% if x %}",
    ]);
  }
}
