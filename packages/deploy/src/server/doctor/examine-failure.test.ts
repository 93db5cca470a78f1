import {
  AuthenticationError,
  HostKeyError,
  type CapturedOutput,
  type HostKeyProblem,
  type HostOutcome,
  type HostResult,
} from "@scap/ssh-job";
import { expect, it } from "vitest";
import { examineFailure } from "./examine-failure.ts";

const PROBLEM: HostKeyProblem = {
  kind: "changed",
  keyType: "ssh-ed25519",
  key: "AAAA",
  fingerprint: "SHA256:x",
  lookupName: "web1",
  files: ["/home/me/.ssh/known_hosts"],
  known: { fingerprint: "SHA256:y", file: "/home/me/known hosts", line: 3 },
};

const LATE: HostOutcome = { status: "timed-out", limit: "host", hasStarted: true };

it.each<[string, Partial<HostKeyProblem>, readonly string[], string]>([
  [
    "of one host in the file that has the old key",
    {},
    ["web1"],
    "ssh-keygen -f '/home/me/known hosts' -R web1   # only if the host was installed anew",
  ],
  [
    "of several hosts, one after the other",
    {},
    ["web1", "web2"],
    `for host in web1 web2; do ssh-keygen -f '/home/me/known hosts' -R "$host"; done   # only if the hosts were installed anew`,
  ],
  [
    "on another port",
    { lookupName: "[web1]:2222" },
    ["web1"],
    "ssh-keygen -f '/home/me/known hosts' -R '[web1]:2222'   # only if the host was installed anew",
  ],
  ["that is not known by asking", { kind: "unknown" }, ["web1"], "scap run web1 true --safe --ask-keys"],
  [
    "that is revoked not at all",
    { kind: "revoked" },
    ["web1"],
    "scap deploy -l '!web1'   # to deploy without",
  ],
])("repairs a host key %s", (_which, changed, hosts, repair) => {
  const error = new HostKeyError({ ...PROBLEM, ...changed }, "not the one on file", { host: "web1" });
  expect(examineFailure(failed(error), undefined).repair?.(hosts)).toBe(repair);
});

it("brings the key to each host that takes none, as whoever logs in there", () => {
  const repair = (user?: string, hosts = ["web1"]): string | undefined =>
    examineFailure(failed(new AuthenticationError("none", { host: "web1" })), user).repair?.(hosts);
  expect(repair()).toBe("ssh-copy-id web1");
  expect(repair("deploy", ["web1", "web2"])).toBe(
    'for host in web1 web2; do ssh-copy-id "deploy@$host"; done',
  );
});

it.each<[string, HostOutcome, string, string, string | undefined]>([
  ["runs nothing", LATE, "", "the login does not come to run anything", "must not read input"],
  ["is slow", LATE, "== scap-check 1\nclock 1\n", "the look took too long", undefined],
  [
    "just ends",
    { status: "failed", code: 1, signal: null },
    "hi",
    "not that of a POSIX shell",
    "without a word",
  ],
])("tells a login that %s", (_what, outcome, text, cause, detail) => {
  const found = examineFailure({ ...base(), ...outcome, stdout: output(text) }, undefined);
  expect(found.cause).toContain(cause);
  if (detail === undefined) expect(found.detail).toBeUndefined();
  else expect(found.detail).toContain(detail);
});

function failed(error: HostKeyError | AuthenticationError): HostResult {
  return { ...base(), status: "unreachable", error };
}

function base(): Omit<HostResult, "status"> {
  return { host: "web1", durationMs: 1, connectAttempts: 1, stdout: output(""), stderr: output("") };
}

function output(text: string): CapturedOutput {
  const none = Buffer.alloc(0);
  return { text, head: none, tail: none, totalBytes: text.length, omittedBytes: 0 };
}
