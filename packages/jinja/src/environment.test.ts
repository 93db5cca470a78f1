import { describe, expect, it } from "vitest";
import {
  Environment,
  JinjaError,
  Markup,
  PyDate,
  PyDateTime,
  PyDict,
  PyFloat,
  PyTuple,
  toValue,
  type EnvironmentOptions,
} from "./index.ts";

function render(
  template: string,
  variables: Record<string, unknown> = {},
  options: EnvironmentOptions = {},
): string {
  return new Environment(options).compile(template, "test.j2").render(variables);
}

function failure(
  template: string,
  variables: Record<string, unknown> = {},
  options: EnvironmentOptions = {},
): JinjaError {
  try {
    render(template, variables, options);
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error("the template rendered");
}

describe("values", () => {
  it("tells floats from integers", () => {
    expect(render("{{ a }} {{ b }} {{ c }} {{ d }}", { a: 1, b: new PyFloat(1), c: 1.5, d: 2 ** 60 })).toBe(
      "1 1.0 1.5 1.152921504606847e+18",
    );
    expect(render("{{ a }} {{ a + 1 }}", { a: 12345678901234567890n })).toBe(
      "12345678901234567890 12345678901234567891",
    );
  });

  it("keeps the types and the order of the keys of a Map", () => {
    const map = new Map<unknown, unknown>([
      ["b", 1],
      [10, 2],
      [2, 3],
      [null, 4],
    ]);
    expect(render("{{ m }}{{ m[2] }}{{ m['2'] }}", { m: map })).toBe("{'b': 1, 10: 2, 2: 3, None: 4}3");
  });

  it("prints dates as Python does", () => {
    const time = new PyDateTime({ year: 2020, month: 1, day: 2, hour: 3, offsetMinutes: -90 });
    expect(
      render("{{ d }} {{ [d] }} {{ t }} {{ u }}", { d: new PyDate(2020, 1, 2), t: time, u: new Date(0) }),
    ).toBe("2020-01-02 [datetime.date(2020, 1, 2)] 2020-01-02 03:00:00-01:30 1970-01-01 00:00:00+00:00");
  });

  it("takes template values as they are", () => {
    const list = toValue([1]);
    const mapping = new PyDict([["l", list]]);
    const variables = new PyDict([
      ["d", mapping],
      ["t", new PyTuple([1])],
    ]);
    const template = new Environment().compile("{{ d.l.append(2) }}{{ d.l }}{{ t }}");
    expect(template.render(variables)).toBe("None[1, 2](1,)");
    expect(list).toEqual([1, 2]);
  });

  it("keeps circular and shared data what it is", () => {
    const data: unknown[] = [1];
    data.push(data);
    expect(render("{{ x }}", { x: data })).toBe("[1, [...]]");
  });
});

describe("options", () => {
  it("calls own filters, tests and globals", () => {
    const options: EnvironmentOptions = {
      filters: {
        double: ([value]) => [value, value],
        add: ([a], kwargs) => Number(a) + Number(kwargs.get("to")),
      },
      tests: { big: ([value]) => Number(value) > 9 },
      globals: { now: () => 5, version: "1.2" },
    };
    expect(
      render("{{ 1|double }}{{ 1|add(to=2) }}{{ 10 is big }}{{ now() }}{{ version }}", {}, options),
    ).toBe("[1, 1]3True51.2");
  });

  it("changes values before they are printed, but not inside of others", () => {
    const options: EnvironmentOptions = { finalize: (value) => (value === null ? "null" : value) };
    expect(render("{{ n }} {{ [n] }} {{ n ~ 'x' }}", { n: null }, options)).toBe("null [None] Nonex");
  });

  it("keeps the text between ERB delimiters and the braces of the other style apart", () => {
    const options = {
      blockStart: "<%",
      blockEnd: "%>",
      variableStart: "<%=",
      variableEnd: "%>",
      commentStart: "<%#",
      commentEnd: "%>",
    };
    expect(render("{{ s }}<%# c %><% if t %><%= s -%>\n<% endif %>", { s: 1, t: true }, options)).toBe(
      "{{ s }}1",
    );
  });

  it("escapes by name of the template", () => {
    const environment = new Environment({ autoescape: (name) => name.endsWith(".html") });
    expect(environment.compile("{{ x }}", "a.html").render({ x: "<" })).toBe("&lt;");
    expect(environment.compile("{{ x }}", "a.txt").render({ x: "<" })).toBe("<");
    expect(environment.compile("{{ x }}", "a.html").render({ x: new Markup("<") })).toBe("<");
  });

  it("loads a template again when its source has changed", () => {
    let source = "one";
    const environment = new Environment({ loader: (name) => (name === "x" ? source : undefined) });
    expect(environment.compile("{% include 'x' %}").render()).toBe("one");
    source = "two";
    expect(environment.compile("{% include 'x' %}").render()).toBe("two");
  });

  it("lets testable undefined values be tested, but not used", () => {
    const options = { undefined: "testable" } as const;
    expect(
      render(
        "{% if u %}{% else %}{{ u or 1 }}{{ u is defined }}{{ u|default(2) }}{{ u == 1 }}{% endif %}",
        {},
        options,
      ),
    ).toBe("1False2False");
    for (const use of [
      "{{ u }}",
      "{% for x in u %}{% endfor %}",
      "{{ u ~ 'a' }}",
      "{{ u|length }}",
      "{{ u.x }}",
      "{{ u|join }}",
    ]) {
      expect(failure(use, {}, options).detail).toBe("'u' is undefined");
    }
  });

  it("warns about iteritems and treats it as items", () => {
    const warnings: string[] = [];
    const options: EnvironmentOptions = {
      onWarning: (message, { line }) => warnings.push(`${line}: ${message}`),
    };
    expect(
      render("\n{% for k, v in d.iteritems() %}{{ k }}{{ v }}{% endfor %}", { d: { a: 1 } }, options),
    ).toBe("\na1");
    expect(warnings).toEqual(["2: iteritems() is Python 2; write items()"]);
  });

  it("supports line statements and comments", () => {
    const options = { lineStatementPrefix: "#", lineCommentPrefix: "##" };
    expect(render("# for x in [1, 2]:\n- {{ x }} ## note\n# endfor\nend", {}, options)).toBe("- 1\n- 2\nend");
  });

  it("refuses delimiters that cannot be told apart", () => {
    expect(() => new Environment({ blockStart: "{{" })).toThrow("must differ");
    expect(() => new Environment({ blockStart: "" })).toThrow("must not be empty");
  });
});

describe("errors", () => {
  it("name the template, line and column and show the place", () => {
    const error = failure("a\n  {{ x.y.z }}\n", { x: {} });
    expect(error.message).toBe("test.j2:2:10: 'dict object' has no attribute 'y'");
    expect(error.location?.excerpt).toBe("2 |   {{ x.y.z }}\n             ^");
    expect(error.kind).toBe("UndefinedError");
  });

  it("point into the included template", () => {
    const environment = new Environment({ loader: () => "\n\n{{ 1 / 0 }}" });
    expect(() => environment.compile("{% include 'inner' %}", "outer").render()).toThrow(
      "inner:3:6: division by zero",
    );
  });

  it("point into the macro, and back to the caller after it", () => {
    expect(failure("{% macro m() %}\n{{ nope.x }}{% endmacro %}\n{{ m() }}").location?.line).toBe(2);
    expect(failure("{% macro m() %}\n{% endmacro %}\n{{ m() + 1 }}").location?.line).toBe(3);
  });

  it("tell syntax errors with their place", () => {
    expect(failure("{% if x %}\n{{ 1 +* }}").message).toBe("test.j2:2:7: unexpected '*'");
    expect(failure("{{ x|nope }}").kind).toBe("TemplateAssertionError");
  });

  it("tell what to do about values that have no text", () => {
    const error = failure("{{ [1]|map('string') }}");
    expect(error.code).toBe("unprintable");
    expect(error.hint).toContain("|list");
  });

  it("shorten very long lines in the excerpt", () => {
    const excerpt = failure(`${"x".repeat(10_000)}{{ 1 / 0 }}${"y".repeat(10_000)}`).location?.excerpt ?? "";
    expect(excerpt.length).toBeLessThan(400);
    expect(excerpt).toContain("1 / 0");
  });
});

describe("corners of Jinja2 that a comparison with it found", () => {
  it.each([
    ["{{ [1, 2]|batch(0)|list }}", "[[], [1, 2]]"],
    ["{% set n = 2 %}{{ (-2) ** n }} {{ (-2) ** 2 }}", "-4 4"],
    ["{{ '{:z.1f}'.format(-0.01) }}", "0.0"],
    ["{{ [1] is escaped }}", "False"],
    ["{{ (-1.5) ** 2|round }}", "2.25"],
  ])("%s renders %j", (template, expected) => {
    expect(new Environment().compile(template).render()).toBe(expected);
  });

  it.each([
    ["{{ [1] in {}.keys() }}", "TypeError"],
    ["{{ '%5%' % 1 }}", "ValueError"],
    ["{{ '%(a' % 1 }}", "TypeError"],
    ["{{ '%(a)s' % range(3) }}", "TypeError"],
    ["{{ '{0[a]}'.format('x') }}", "TypeError"],
    ["{% for x, in [1] %}{% endfor %}", "TemplateSyntaxError"],
  ])("%s fails with %s", (template, kind) => {
    expect(failure(template).kind).toBe(kind);
  });

  it("keeps a chainable undefined value escaped, and a strict one from being truncated or the name of an attribute", () => {
    expect(render("{{ nope is escaped }}", {}, { undefined: "chainable" })).toBe("True");
    const truncated = "{{ nope|truncate(6)|default('D', true) }}";
    expect(() => render(truncated, {}, { undefined: "strict" })).toThrow("'nope' is undefined");
    expect(() => render("{{ 'a'|attr(nope) }}", {}, { undefined: "strict" })).toThrow("'nope' is undefined");
  });
});
