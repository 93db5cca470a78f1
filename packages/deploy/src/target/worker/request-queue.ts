import { Readable } from "node:stream";

import { MAX_DEPLOY_INFO_BYTES } from "../../parse-deploy-info.ts";
import type { WorkerRequest } from "../../protocol.ts";
import { ByteReader } from "./byte-reader.ts";
import { TargetWorkError } from "../target-error.ts";

/** A request and the bytes that follow it. */
export interface ReceivedRequest {
  readonly request: WorkerRequest;
  /** Empty unless the request announces a payload. */
  readonly payload: Readable;
}

/** JSON may write a character of a deploy info in six. */
const MAX_LINE_BYTES = 6 * MAX_DEPLOY_INFO_BYTES + 65_536;

/**
 * Reads requests ahead of the work, so that the end of the input is noticed while a stage runs. A payload is read only
 * when it is asked for, and nothing after it before that.
 *
 * @param onEnd - called once when the input has ended; everything read before is still delivered
 * @param silenceMs - longest time without a byte, after which the input counts as ended
 */
export async function* receiveRequests(
  input: AsyncIterable<Buffer>,
  onEnd: () => void,
  silenceMs: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<ReceivedRequest, void, undefined> {
  const reader = new ByteReader(input, silenceMs);
  const readNext = async (): Promise<WorkerRequest | undefined> => {
    for (;;) {
      const line = await reader.readLine(MAX_LINE_BYTES).catch((cause: unknown) => {
        onEnd();
        throw cause;
      });
      if (line === undefined) onEnd();
      // An empty line only says that the server is there.
      if (line !== "") return line === undefined ? undefined : parseRequest(line);
    }
  };
  let next = readNext();
  for (let request = await next; request !== undefined; request = await next) {
    const size = request.op === "pack" || request.op === "large-file" ? request.payloadBytes : 0;
    if (size === 0) next = ahead(readNext());
    const bytes = reader.readBytes(size);
    yield { request, payload: Readable.from(bytes, { objectMode: false }) };
    if (size === 0) continue;
    // What a failed request left unread must not be taken for the next request.
    await bytes.return();
    await reader.skipUnread();
    next = ahead(readNext());
  }
}

/** A failure is reported when its turn comes, not as an unhandled rejection before. */
function ahead<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function parseRequest(line: string): WorkerRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new TargetWorkError("A request is not JSON", { code: "PROTOCOL", cause });
  }
  const isRequest =
    typeof value === "object" &&
    value !== null &&
    "op" in value &&
    "id" in value &&
    typeof value.id === "number";
  if (!isRequest) throw new TargetWorkError("A request has no op or no id", { code: "PROTOCOL" });
  return value as WorkerRequest; // the sender is the same version: hello compares
}
