import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** One POST request with a JSON body. */
export interface HttpPostOptions {
  readonly url: URL;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Certificates in PEM form, for https. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** A complete answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** A million certnames fit. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Sends a request and reads the whole answer; rejects when the server does not answer in time. */
export async function httpPost(options: HttpPostOptions): Promise<HttpAnswer> {
  const { url, body, timeoutMs, ca, cert, key } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const settings = { method: "POST", headers, signal, ca, cert, key };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent =
      url.protocol === "https:" ? httpsRequest(url, settings, resolve) : httpRequest(url, settings, resolve);
    sent.once("error", reject);
    sent.end(body);
  });
  return { status: answer.statusCode ?? 0, text: await readText(answer) };
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
