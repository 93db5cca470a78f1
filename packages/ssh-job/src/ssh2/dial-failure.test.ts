import { expect, it } from "vitest";
import { describeDialFailure, type DialProgress } from "./dial-failure.ts";
import type { DialOptions } from "./dial.ts";

const OPTIONS = {
  settings: { host: "web1", address: "192.0.2.1", port: 22, user: "deploy" },
  timeoutMs: 5000,
} as DialOptions; // what the rest is does not matter here

function reasonOf(
  error: { readonly message: string; readonly code?: string },
  progress: DialProgress,
): unknown {
  const failure = describeDialFailure(Object.assign(new Error(error.message), error), progress, OPTIONS);
  return "reason" in failure ? failure.reason : failure.code;
}

const RESET = { message: "read ECONNRESET", code: "ECONNRESET" };
const LOST = { message: "Connection lost before handshake" };

it.each([
  [RESET, "", "busy"],
  [RESET, "Exceeded MaxStartups\r\n", "busy"],
  [LOST, "", "busy"],
  [LOST, "Not allowed at this time\r\n", "busy"],
  [{ message: "closed" }, "Exceeded MaxStartups\r\n", "busy"],
  [{ message: "write EPIPE", code: "EPIPE" }, "", "busy"],
  [RESET, "SSH-2.0-OpenSSH_9.2\r\n", "closed"],
  [LOST, "HTTP/1.1 400 Bad Request\r\n", "protocol"],
])("an end before the handshake, %j after %j, counts as %s", (error, firstWords, reason) => {
  expect(reasonOf(error, { phase: "greeting", firstWords })).toBe(reason);
});

it("an end during the login is no refusal by MaxStartups", () => {
  expect(reasonOf(RESET, { phase: "login", firstWords: "SSH-2.0-x\r\n" })).toBe("closed");
});
