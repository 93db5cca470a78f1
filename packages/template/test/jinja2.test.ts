import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { guessOutputFormat, parseVariables, renderTemplate } from "../src/index.ts";

const PYTHON = "/usr/bin/python3";
const haveJinja = spawnSync(PYTHON, ["-c", "import jinja2, yaml"]).status === 0;

const RENDER = `
import jinja2, json, sys, yaml
ERB = dict(block_start_string="<%", block_end_string="%>", variable_start_string="<%=",
           variable_end_string="%>", comment_start_string="<%#", comment_end_string="%>")
def finalize(value):
    return {"None": "null", "True": "true", "False": "false"}[str(value)] if value is None or value is True or value is False else value
def render(case):
    options = dict(ERB) if case["erb"] else {}
    if case["yaml"]: options["finalize"] = finalize
    try:
        return jinja2.Environment(**options).from_string(case["text"]).render(yaml.safe_load(case["variables"]) or {})
    except Exception as error:
        return None
json.dump([render(case) for case in json.load(sys.stdin)], sys.stdout)
`;

const VARIABLES = `
service: shop
port: 8080
ratio: 1.0
tiny: 1.0e-7
big: 12345678901234567890
debug: no
nothing: ~
empty: ''
mode: 0644
span: 1:30
expo: 1e3
day: 2020-01-01
at: 2020-01-01 10:00:00 +05:30
blob: !!binary aGk=
pairs: !!omap [a: 1, b: 2]
base: &base {user: www, threads: 4}
pool:
  <<: *base
  threads: 8
  hosts: [db1, db2]
backends:
  - {name: a, weight: 1.5, tags: [x, y]}
  - {name: "b 'q'", weight: 2, tags: []}
zones: {10: ten, '9': nine, true: yes, ~: none}
text: "line one\\nline two\\ttab é 😀 \\u2028"
secret: "p@ss'\\"word\\\\"
`;

const TEMPLATES: readonly (readonly [destination: string, text: string])[] = [
  [
    "app.yaml",
    "port: {{ port }}\ndebug: {{ debug }}\nnothing: {{ nothing }}\nlist: {{ [debug, nothing] }}\n",
  ],
  [
    "app.conf",
    "{{ debug }} {{ nothing }} {{ ratio }} {{ tiny }} {{ big }} {{ mode }} {{ span }} {{ expo }}\n\n",
  ],
  ["app.conf", "{{ day }} {{ at }} {{ [day, at] }} {{ blob }} {{ pairs }} {{ zones }}"],
  ["app.conf", "{{ pool }} {{ pool.items()|list }} {{ base }}"],
  [
    "app.yml.j2",
    "{% for b in backends %}- {{ b.name }}: {{ b.weight }}{% if b.tags %} # {{ b.tags|join(', ') }}{% endif %}\n{% endfor %}",
  ],
  ["app.conf", "{{ text }}|{{ [text] }}|{{ secret }}|{{ [secret] }}|{{ secret|tojson }}"],
  ["app.json", "{{ backends|tojson(indent=2) }}\n"],
  ["app.conf", "{{ missing }}[{{ pool.missing }}]{% for x in missing %}x{% else %}none{% endfor %}"],
  ["app.conf", "{{ missing.x }}"],
  [
    "app.conf",
    "{{ pool.threads // 3 }} {{ pool.threads / 4 }} {{ -7 % port }} {{ 2 ** 70 }} {{ ratio * 3 }}",
  ],
  [
    "app.yaml",
    "{{ port == 8080 }} {{ nothing is none }} {{ nothing | default('x') }} {{ missing | default(false) }}",
  ],
  [
    "app.yaml",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(none) }} {{ m(debug) ~ none }} {% set y %}{{ none }}{% endset %}{{ y }}",
  ],
  ["app.conf", "{{ backends | map(attribute='name') | join(';') }} {{ backends | sum(attribute='weight') }}"],
  ["app.conf", "{{ zones[10] }} {{ zones['9'] }} {{ zones[true] }} {{ zones[none] }} {{ zones['10'] }}"],
  ["app.conf", "{%- if debug %}on{% elif port > 1024 -%}\n  high\n{%- endif %}\r\nend\r\n"],
  ["app.conf", "{% nope %}"],
  ["app.conf", "{{ 'a' + 1 }}"],
  [
    "app.conf",
    "{{ service | upper | replace('S', 'Z') }} {{ '%05.1f' % ratio }} {{ '{:>8}'.format(service) }}",
  ],
  ["app.conf", "{{ service }}\n{% raw %}{{ x }}{% endraw %}\n{# c #}"],
];

const ERB_TEMPLATES: readonly (readonly [destination: string, text: string])[] = [
  [
    "app.yaml",
    "<% for b in backends -%>\n- <%= b.name %>: <%= b.weight %> {{ keep }}\n<% endfor -%>\nend: <%= debug %>\n",
  ],
  ["app.conf", "<%# comment %><%= '%>' %><%=- port -%>  x <%% y"],
  ["app.conf", "<%# comment %><%= '%>' %> <%=- port -%>  x"],
];

describe.skipIf(!haveJinja && !process.env["CI"])(
  `the bytes of Python's Jinja2${haveJinja ? "" : " (NOT RUN: needs python3-jinja2 and python3-yaml)"}`,
  () => {
    const cases = [
      ...TEMPLATES.map(([destination, text]) => ({ destination, text, erb: false })),
      ...ERB_TEMPLATES.map(([destination, text]) => ({ destination, text, erb: true })),
    ].map((each) => ({ ...each, yaml: guessOutputFormat(each.destination) !== null, variables: VARIABLES }));
    const theirs: unknown[] = haveJinja
      ? JSON.parse(execFileSync(PYTHON, ["-c", RENDER], { input: JSON.stringify(cases), encoding: "utf8" }))
      : [];
    const { variables } = parseVariables(VARIABLES, { file: "vars.yaml" });

    test.each(cases.map((each, index) => [each.text, each, index] as const))(
      "%j",
      async (text, { erb, yaml }, index) => {
        const options = {
          text,
          name: "t.j2",
          erbSyntax: erb,
          outputFormat: yaml ? ("yaml" as const) : null,
          variables,
        };
        const ours = await renderTemplate({ ...options, strict: false }).catch(() => null);
        expect(ours).toBe(theirs[index]);
      },
    );
  },
);
