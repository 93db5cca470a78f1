import { checkTemplate, mergeVariables, parseVariables, renderTemplate } from "@scap/template";

const text = `port: {{ port }}
debug: {{ debug }}
ratio: {{ ratio }}
hosts:
{%- for host in hosts %}
- {{ host }}
{%- endfor %}
`;

await checkTemplate({ text, name: "app.yaml.j2" });

const published = parseVariables("{port: 8080, debug: no, ratio: 1.0, hosts: [db1, db2]}", {
  file: "vars.yaml",
});
const remote = parseVariables("port: 9090", { file: "/etc/app/vars.yaml" });

const variables = mergeVariables(published.variables, remote.variables);
console.log(await renderTemplate({ text, name: "app.yaml.j2", outputFormat: "yaml", variables }));
