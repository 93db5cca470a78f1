import { describe, expect, it } from "vitest";
import { Environment, JinjaError } from "@scap/jinja";

const environment = new Environment({
  extensions: ["do", "loopcontrols"],
  loader: (name) =>
    ({
      self: "{% include 'self' %}",
      parent: "{% extends 'parent' %}",
      module: "{% import 'module' as m %}",
    })[name],
});
const variables = {
  text: "ab".repeat(5000),
  list: Array.from({ length: 2000 }, (_, index) => index),
  deep: nested(2000),
};

function nested(depth: number): unknown {
  let data: unknown = 1;
  for (let level = 0; level < depth; level++) data = [data];
  return data;
}

const HOSTILE: Readonly<Record<string, string>> = {
  "loops in loops":
    "{% for a in range(100000) %}{% for b in range(100000) %}{{ a * b }}{% endfor %}{% endfor %}",
  "a silent loop in a loop":
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
  "filters in a loop": "{% for a in range(100000) %}{{ range(100000)|sum }}{% endfor %}",
  "sorting in a loop": "{% for a in range(100000) %}{% set x = list|sort(reverse=true) %}{% endfor %}",
  "long texts in a loop":
    "{% for a in range(100000) %}{% set x = text|upper|replace('A', 'xyz') %}{% endfor %}",
  "a huge range": "{{ range(10 ** 12)|list }}",
  "a repeated text": "{{ 'a' * 10 ** 10 }}",
  "a repeated list": "{{ [0] * 10 ** 9 }}",
  "a huge power": "{{ 10 ** (10 ** 10) }}",
  "a growing number":
    "{% set ns = namespace(x=7) %}{% for i in range(1000) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
  "a doubling text":
    "{% set ns = namespace(x='ab') %}{% for i in range(1000) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
  "a doubling list":
    "{% set ns = namespace(x=[1]) %}{% for i in range(1000) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
  "a list that grows while it is walked over":
    "{% set x = [1] %}{% for i in x %}{% do x.append(i) %}{% endfor %}",
  "a wide format": "{{ '%1000000000d' % 1 }}",
  "a wide format of braces": "{{ '{:1000000000}'.format(1) }}",
  "a precise format": "{{ '%.1000000000f' % 1 }}",
  "a wide center": "{{ 'a'|center(10 ** 9) }}",
  "a wide indent": "{{ 'a\nb'|indent(10 ** 9) }}",
  "a wide ljust": "{{ 'a'.ljust(10 ** 9) }}",
  "a wide zfill": "{{ 'a'.zfill(10 ** 9) }}",
  "wide tabs": "{{ '\t'.expandtabs(10 ** 9) }}",
  "many slices": "{{ [1]|slice(10 ** 9)|list }}",
  "a batch that is filled up": "{{ [1]|batch(10 ** 9, 0)|list }}",
  "much replacing": "{{ text|replace('', text) }}",
  "much joining": "{{ list|join(text * 10) }}",
  "lorem ipsum": "{{ lipsum(n=10 ** 8) }}",
  "an endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
  "a macro that branches":
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
  "an endless recursive loop": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
  "a block that prints itself": "{% block a %}{{ self.a() }}{% endblock %}",
  "an include of itself": "{% include 'self' %}",
  "a template that extends itself": "{% extends 'parent' %}",
  "an import of itself": "{% import 'module' as m %}",
  "a list in itself": "{% set x = [] %}{% do x.append(x) %}{{ x|tojson }}",
  "comparing lists that hold themselves":
    "{% set x = [] %}{% do x.append(x) %}{% set y = [] %}{% do y.append(y) %}{{ x == y }}",
  "deeply nested data": "{{ deep|tojson|length * 10 ** (10 ** 10) }}",
  "deeply nested expressions": `{{ ${"(".repeat(20_000)}1${")".repeat(20_000)} }}`,
  "deeply nested blocks": `${"{% if true %}".repeat(20_000)}${"{% endif %}".repeat(20_000)}`,
  "a long chain of operators": `{{ ${"1 + ".repeat(50_000)}1 }}`,
  "text that looks like an address": "{{ ('a.' * 100000)|urlize }}{{ 10 ** (10 ** 10) }}",
  "white space": "{{ (' ' * 1000000 ~ 'x' ~ ' ' * 1000000 ~ 'x')|trim }}{{ 10 ** (10 ** 10) }}",
};

describe("a hostile template ends with an error within a second", () => {
  it.each(Object.entries(HOSTILE))("%s", (_name, template) => {
    // Time on a processor, which does not grow as waiting for one does; twice the second, for slower machines.
    const start = process.cpuUsage();
    expect(() => environment.compile(template, "hostile.j2").render(variables)).toThrow(JinjaError);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

describe("the sandbox (template W15)", () => {
  const render = (template: string): string =>
    environment.compile(template).render({ ...variables, map: { a: 1 } });

  it.each(["constructor", "toString", "hasOwnProperty", "valueOf", "length", "prototype"])(
    "does not show %s of any value",
    (name) => {
      expect(
        render(`{{ map.${name} }}{{ list.${name} }}{{ text.${name} }}{{ (1).${name} }}{{ range.${name} }}`),
      ).toBe("");
      expect(render(`{{ map['${name}'] }}{{ list['${name}'] }}{{ ''|attr('${name}') }}`)).toBe("");
    },
  );

  it.each([
    "''.__class__",
    "[].__class__.__mro__",
    "range.__globals__",
    "''['__class__']",
    "''|attr('__class__')",
  ])("refuses %s", (expression) => {
    expect(() => render(`{{ ${expression} }}`)).toThrow(JinjaError);
  });

  it("treats __proto__ in data as an ordinary name", () => {
    const data = JSON.parse('{"d": {"__proto__": 5}}') as Record<string, unknown>;
    expect(environment.compile("{{ d.items()|list }}").render(data)).toBe("[('__proto__', 5)]");
  });

  it("refuses objects of classes", () => {
    expect(() => environment.compile("{{ x }}").render({ x: new URL("http://example.org") })).toThrow(
      "plain data",
    );
  });

  it("never changes the caller's data", () => {
    const data = { list: [1], map: { a: 1 } };
    environment.compile("{% do list.append(2) %}{% do map.update(b=2) %}").render(data);
    expect(data).toEqual({ list: [1], map: { a: 1 } });
  });
});
