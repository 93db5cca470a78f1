import { LogError } from "../errors.ts";

/** What of the OpenTelemetry packages is used. */
export interface OpenTelemetry {
  readonly api: typeof import("@opentelemetry/api");
  readonly resourceFromAttributes: typeof import("@opentelemetry/resources").resourceFromAttributes;
  readonly LoggerProvider: typeof import("@opentelemetry/sdk-logs").LoggerProvider;
  readonly BatchLogRecordProcessor: typeof import("@opentelemetry/sdk-logs").BatchLogRecordProcessor;
  readonly OTLPLogExporter: typeof import("@opentelemetry/exporter-logs-otlp-http").OTLPLogExporter;
  readonly BasicTracerProvider: typeof import("@opentelemetry/sdk-trace-base").BasicTracerProvider;
  readonly BatchSpanProcessor: typeof import("@opentelemetry/sdk-trace-base").BatchSpanProcessor;
  readonly OTLPTraceExporter: typeof import("@opentelemetry/exporter-trace-otlp-http").OTLPTraceExporter;
}

/**
 * Loads the packages, which are optional peer dependencies: who does not export to a collector need not have them.
 *
 * @throws LogError with code `OTEL_MISSING`, naming what to install
 */
export async function loadOpenTelemetry(): Promise<OpenTelemetry> {
  try {
    const [api, resources, logs, logExporter, traces, traceExporter] = await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/resources"),
      import("@opentelemetry/sdk-logs"),
      import("@opentelemetry/exporter-logs-otlp-http"),
      import("@opentelemetry/sdk-trace-base"),
      import("@opentelemetry/exporter-trace-otlp-http"),
    ]);
    return { api, ...resources, ...logs, ...logExporter, ...traces, ...traceExporter };
  } catch (cause) {
    throw new LogError("OpenTelemetry is configured, but its packages cannot be loaded", {
      code: "OTEL_MISSING",
      cause,
      hint: `Install them: npm install ${PACKAGES.join(" ")}`,
    });
  }
}

const PACKAGES: readonly string[] = [
  "@opentelemetry/api@1.9",
  "@opentelemetry/resources@2",
  "@opentelemetry/sdk-logs@0.223",
  "@opentelemetry/exporter-logs-otlp-http@0.223",
  "@opentelemetry/sdk-trace-base@2",
  "@opentelemetry/exporter-trace-otlp-http@0.223",
];
