import type { LogRecord } from "../record.ts";
import type { Sink } from "../sink.ts";
import { webhookTransport, type WebhookTransportOptions } from "../transport/webhook-transport.ts";
import { backgroundSink, deliveryOf, type DeliveryOptions } from "./background-sink.ts";

/** Where records are posted, and which. */
export interface WebhookSinkOptions extends DeliveryOptions, WebhookTransportOptions {
  /** The body for a record; undefined leaves it out. */
  readonly bodyOf: (record: LogRecord) => object | undefined;
}

/** Posts records as JSON to a URL, in order and in the background; see {@link webhookTransport} for retries. */
export function webhookSink(options: WebhookSinkOptions): Sink {
  // Paths of such URLs are often secret.
  const name = `webhook ${new URL(options.url).host}`;
  const encoder = new TextEncoder();
  return backgroundSink({ name, transport: webhookTransport(options), ...deliveryOf(options) }, (record) => {
    const body = options.bodyOf(record);
    return body === undefined ? undefined : encoder.encode(JSON.stringify(body));
  });
}
