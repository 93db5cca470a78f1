import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { attemptWithin } from "../attempt-within.ts";
import { CappedOutput } from "../capped-output.ts";
import type { CheckAttempt, CheckContext, CheckType } from "../check-type.ts";
import { readHttpExpectation, type HttpExpectation } from "./http-expectation.ts";

/** Asks an HTTP server and compares status, headers, body and latency. */
export const httpType: CheckType = {
  name: "http",
  summary: "ask an HTTP server and compare the answer",
  options: [
    "url",
    "method",
    "status",
    "body",
    "body_regex",
    "headers",
    "request_headers",
    "max_latency",
    "unix_socket",
  ],
  validate(check) {
    const read = readHttpExpectation(check);
    return read.problems;
  },
  prepare(check) {
    const { expectation, problems } = readHttpExpectation(check);
    if (!expectation) throw new Error(problems[0] ?? "the options of this http check are not usable");
    return (context) => askOnce(expectation, context);
  },
};

const MAX_BODY_BYTES = 10 * 1024 * 1024;

function askOnce(expected: HttpExpectation, context: CheckContext): Promise<CheckAttempt> {
  const { promise, finish } = attemptWithin(context);
  const startedAt = performance.now();
  const ask = expected.url.protocol === "https:" ? requestHttps : requestHttp;
  const request = ask(expected.url, {
    method: expected.method,
    headers: expected.requestHeaders,
    agent: false,
    ...(expected.unixSocket === undefined ? {} : { socketPath: expected.unixSocket }),
  });
  request.once("error", (error) => finish.fail(`cannot ask ${expected.url.href}: ${error.message}`));
  const judge = async (response: IncomingMessage): Promise<void> => {
    const answer = await readAnswer(response);
    const latencyMs = performance.now() - startedAt;
    const problems = compareAnswer(expected, response, answer, latencyMs);
    const output = `HTTP ${response.statusCode} in ${Math.round(latencyMs)} ms\n${answer.shown}`;
    if (problems.length === 0) finish.pass(output);
    else finish.fail(problems.join("; "), output);
  };
  request.once("response", (response) => {
    judge(response).catch((error: unknown) => finish.fail(`the answer broke off: ${String(error)}`));
  });
  request.end();
  return promise.finally(() => request.destroy());
}

interface Answer {
  readonly body: string;
  readonly shown: string;
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  const shown = new CappedOutput();
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    shown.add(chunk);
  }
  return { body: Buffer.concat(chunks).toString("utf8"), shown: shown.text() };
}

function compareAnswer(
  expected: HttpExpectation,
  response: IncomingMessage,
  { body }: Answer,
  latencyMs: number,
): string[] {
  const problems: string[] = [];
  const status = response.statusCode ?? 0;
  if (!expected.statuses.includes(status)) {
    problems.push(`status ${status} instead of ${expected.statuses.join(" or ")}`);
  }
  for (const [name, text] of expected.headers) {
    const value = String(response.headers[name.toLowerCase()] ?? "");
    if (!value.includes(text)) problems.push(`header ${name} is "${value}" and lacks "${text}"`);
  }
  if (expected.body !== undefined && !body.includes(expected.body)) {
    problems.push(`the body lacks "${expected.body}"`);
  }
  if (expected.bodyPattern && !expected.bodyPattern.test(body)) {
    problems.push(`the body does not match ${expected.bodyPattern.source}`);
  }
  if (latencyMs > expected.maxLatencyMs) {
    problems.push(`the answer took ${Math.round(latencyMs)} ms instead of at most ${expected.maxLatencyMs}`);
  }
  return problems;
}
