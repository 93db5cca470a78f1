import type { Sink } from "../sink.ts";
import { countingExporter } from "./counting-exporter.ts";
import { loadOpenTelemetry } from "./load-open-telemetry.ts";
import { otelLogRecord } from "./otel-log-record.ts";
import { deploymentTrace } from "./deployment-trace.ts";

/** Where an OpenTelemetry collector listens. */
export interface OpenTelemetrySinkOptions {
  /** Base address of OTLP over HTTP, for example `http://collector.example.org:4318`. */
  readonly endpoint: string;
  /** `service.name` of what is sent. @defaultValue `scap` */
  readonly serviceName?: string;
  /** Headers of every request, for example for authentication. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Most records that wait for the collector; more are dropped and counted. @defaultValue 10_000 */
  readonly maxWaiting?: number;
  /** How long one request may take, in milliseconds. @defaultValue 2000 */
  readonly timeoutMs?: number;
  /** How long `close` waits for the collector, in milliseconds. @defaultValue 2000 */
  readonly closeTimeoutMs?: number;
  /** Told once when sending fails, and at the end how many records were lost. */
  readonly onProblem?: (message: string) => void;
}

/**
 * Sends every record as an OpenTelemetry log record, and every deployment as one trace: a span for the deployment,
 * one for each stage, one for each host in it. The OpenTelemetry packages are loaded here and nowhere else.
 *
 * @throws LogError with code `OTEL_MISSING` when they are not installed
 */
export async function openTelemetrySink(options: OpenTelemetrySinkOptions): Promise<Sink> {
  const { endpoint, serviceName = "scap", headers = {}, maxWaiting = 10_000, timeoutMs = 2000 } = options;
  const { closeTimeoutMs = 2000 } = options;
  const otel = await loadOpenTelemetry();
  const warn = warnOnce(options.onProblem);
  const url = (signal: string): string => `${endpoint.replace(/\/$/, "")}/v1/${signal}`;
  const config = (
    signal: string,
  ): { url: string; headers: Record<string, string>; timeoutMillis: number } => ({
    url: url(signal),
    headers: { ...headers },
    timeoutMillis: timeoutMs,
  });
  const resource = otel.resourceFromAttributes({ "service.name": serviceName });
  const exporter = countingExporter(new otel.OTLPLogExporter(config("logs")), warn);
  const processor = new otel.BatchLogRecordProcessor({
    exporter: exporter.exporter,
    maxQueueSize: maxWaiting,
  });
  const logs = new otel.LoggerProvider({ resource, processors: [processor] });
  const spans = new otel.BatchSpanProcessor(new otel.OTLPTraceExporter(config("traces")));
  const traces = new otel.BasicTracerProvider({ resource, spanProcessors: [spans] });
  const trace = deploymentTrace(traces.getTracer("scap"), otel.api);
  let written = 0;
  return {
    name: "opentelemetry",
    write: (record) => {
      written += 1;
      const context = trace.follow(record);
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- every whole number from 1 to 24 is a member
      logs.getLogger(record.name).emit({ ...otelLogRecord(record), ...(context && { context }) });
    },
    flush: async () => {
      await Promise.allSettled([logs.forceFlush(), traces.forceFlush()]);
    },
    dropped: () => exporter.failed(),
    close: async () => {
      trace.end();
      await settledWithin(closeTimeoutMs, [logs.shutdown(), traces.shutdown()]);
      const lost = written - exporter.delivered();
      if (lost > 0) options.onProblem?.(`opentelemetry: ${lost} records were lost`);
    },
  };
}

async function settledWithin(timeoutMs: number, work: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([Promise.allSettled(work), late]);
  clearTimeout(timer);
}

function warnOnce(onProblem: ((message: string) => void) | undefined): (reason: string) => void {
  let hasWarned = false;
  return (reason) => {
    if (!hasWarned) onProblem?.(`opentelemetry: cannot send: ${reason}; later failures are only counted`);
    hasWarned = true;
  };
}
