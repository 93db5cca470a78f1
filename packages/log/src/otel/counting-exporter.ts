import type { LogRecordExporter } from "@opentelemetry/sdk-logs";

/** An exporter that knows how many records arrived. */
export interface CountingExporter {
  readonly exporter: LogRecordExporter;
  delivered(): number;
  failed(): number;
}

/** Counts what an exporter delivers and what it fails to, and passes on why. */
export function countingExporter(
  inner: LogRecordExporter,
  onFailure: (reason: string) => void,
): CountingExporter {
  let [delivered, failed] = [0, 0];
  return {
    delivered: () => delivered,
    failed: () => failed,
    exporter: {
      export: (records, done) => {
        inner.export(records, (result) => {
          if (result.error === undefined) delivered += records.length;
          else {
            failed += records.length;
            onFailure(result.error.message);
          }
          done(result);
        });
      },
      forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
      shutdown: () => inner.shutdown(),
    },
  };
}
