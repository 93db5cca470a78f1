import { underSubject, type OptionSpec } from "@scap/config";
import { parseLogAddress } from "./log-address.ts";

/** Options of logs and metrics that Python Scap does not have. */
export const LOG_OPTIONS: readonly OptionSpec[] = underSubject("Logs and metrics", [
  {
    name: "log_layout",
    type: "str",
    default: "ecs",
    choices: ["ecs", "flat"],
    help: "Layout of records for syslog, udp2log and Logstash: ecs (Elastic Common Schema 1.7), or flat as Scap 4.96 had it.",
  },
  {
    name: "syslog_address",
    type: "str",
    default: "unix:///dev/log",
    check: (text) =>
      parseLogAddress(text) === undefined
        ? "must be unix:///PATH, udp://HOST[:PORT] or tcp://HOST[:PORT]"
        : undefined,
    help: "Where use_syslog sends: unix:///dev/log, udp://HOST[:514] or tcp://HOST[:514].",
  },
  {
    name: "logstash_address",
    type: "str",
    default: null,
    check: (text) => {
      const address = parseLogAddress(text);
      const isPort = address !== undefined && address.protocol !== "unix" && address.port !== undefined;
      return isPort ? undefined : "must be tcp://HOST:PORT or udp://HOST:PORT";
    },
    help: "Logstash, one JSON object a record: tcp://HOST:PORT or udp://HOST:PORT; off when unset.",
  },
  {
    name: "use_journald",
    type: "bool",
    default: false,
    help: "Also log to the systemd journal of this host.",
  },
  {
    name: "otel_endpoint",
    type: "str",
    default: null,
    check: (text) =>
      URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
        ? undefined
        : "must be an address that begins with http:// or https://",
    help: "OpenTelemetry collector (OTLP over HTTP) for logs and one trace a deployment; needs the @opentelemetry packages.",
  },
  {
    name: "secret_variables",
    type: "list",
    default: null,
    help: "Environment variables whose values are removed from everything that is logged.",
  },
  {
    name: "log_keep",
    type: "int",
    default: null,
    unit: "days",
    min: 1,
    max: 36_500,
    help: "Age at which logs in scap/log are removed when a deployment begins, the newest excepted; they stay when unset.",
  },
]);
