import { Environment, JinjaError, PyFloat } from "@scap/jinja";

const environment = new Environment({
  trimBlocks: true,
  lstripBlocks: true,
  undefined: "testable",
});

const template = environment.compile(
  `upstream {{ name }} {
  {% for server in servers %}
  server {{ server.host }}:{{ server.port }} weight={{ server.weight }};
  {% endfor %}
}
# {{ servers | map(attribute='host') | join(', ') }}
`,
  "upstream.conf.j2",
);

const servers = [
  { host: "web1", port: 8080, weight: new PyFloat(1) },
  { host: "web2", port: 8080, weight: 2 },
];
console.log(template.render({ name: "shop", servers }));

try {
  template.render({ name: "shop", servers: [{ host: "web1" }] });
} catch (error) {
  if (!(error instanceof JinjaError)) throw error;
  console.log(error.message);
  console.log(error.location?.excerpt);
}
