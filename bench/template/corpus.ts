import { readFileSync } from "node:fs";

/** A template that the three engines render to the same text. */
export interface BenchTemplate {
  readonly name: string;
  readonly text: string;
}

/** Five templates as services have them, of 10 to 500 lines. */
export function templates(): BenchTemplate[] {
  const named = ["local.properties.j2", "nginx.conf.j2", "service.yaml.j2"].map((name) => ({
    name,
    text: readFileSync(new URL(name, import.meta.url), "utf8"),
  }));
  return [
    ...named,
    { name: "prometheus.yaml.j2", text: prometheus(20) },
    { name: "haproxy.cfg.j2", text: haproxy(38) },
  ];
}

/** The variables of all of them. */
export function variables(): Readonly<Record<string, unknown>> {
  const server = (at: number): object => ({ host: `app${at}.example.org`, port: 8000 + at, weight: at });
  const domain = (language: string, at: number): object => ({
    name: `${language}.wiki.example.org`,
    language: language.toUpperCase(),
    project: at % 3 === 0 ? "wikt" : "wiki",
    size: at * 40,
  });
  return {
    service: "mobile-apps",
    site: "eqiad",
    port: 8888,
    workers: 16,
    host: "10.64.0.1",
    salt: "x7f3",
    log: {
      level: "warn",
      streams: [
        { type: "gelf", host: "logstash.example.org", port: 12201, level: "info" },
        { type: "stdout", host: "localhost", port: 514, level: "debug" },
      ],
    },
    statsd: { host: "statsd.example.org", port: 8125 },
    database: { host: "db1", port: 3306, name: "apps", pool: { min: 2, max: 20 } },
    caches: ["mc1:11211", "mc2:11211", "mc3:11211"],
    flags: ["new-parser", "fast-images", "a-b-tests"],
    upstreams: { api: [1, 2, 3, 4].map(server), static: [5, 6].map(server), feeds: [7].map(server) },
    vhosts: ["www", "api", "feeds", "static"].map((name, at) => ({
      port: at % 2 === 0 ? 443 : 80,
      tls: at % 2 === 0,
      names: [`${name}.example.org`, `${name}.example.com`],
      locations: [
        { path: "/", upstream: "api", timeout: 60 },
        { path: "/static", root: "/srv/static" },
      ],
    })),
    domains: ["en", "de", "fr", "ja", "es", "ru", "it", "zh", "pt", "pl"].map(domain),
    alerts: { team: "apps", page: true, window: "5m" },
  };
}

const METRICS = ["latency", "errors", "saturation", "traffic", "restarts"];

/** Rules of a monitoring system: ten lines for each. */
function prometheus(count: number): string {
  const rules = Array.from({ length: count }, (_, at) => {
    const metric = METRICS[at % METRICS.length] ?? "";
    return `  - alert: {{ service }}_${metric}_${at}
    expr: rate({{ service | replace('-', '_') }}_${metric}_total[{{ alerts.window }}]) > ${at / 10}
    for: ${at + 1}m
    labels:
      team: {{ alerts.team }}
      severity: {% if alerts.page %}page{% else %}ticket{% endif %}

    annotations:
      summary: "${metric} of {{ service }} in {{ site | upper }} is high"
      runbook: https://runbooks.example.org/{{ alerts.team }}/${metric}
`;
  });
  return `groups:\n- name: {{ service }}\n  rules:\n${rules.join("")}`;
}

/** Frontends and backends of a load balancer: thirteen lines for each. */
function haproxy(count: number): string {
  const parts = Array.from(
    { length: count },
    (_, at) => `
frontend web_${at}
    bind *:${8100 + at}
    mode http
    log /dev/log {{ log.level }}
    option forwardfor except 127.0.0.0/8
    default_backend apps_${at}
backend apps_${at}
    balance roundrobin
    option httpchk GET /{{ service }}/health
{% for server in upstreams.${at % 2 === 0 ? "api" : "static"} %}
    server {{ server.host }} {{ server.host }}:{{ server.port }} check weight {{ server.weight }}
{% endfor %}`,
  );
  return `# {{ service }} in {{ site }}\nglobal\n    maxconn {{ workers * 2000 }}\n    daemon\n${parts.join("")}\n`;
}
