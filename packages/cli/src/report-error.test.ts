import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { EXIT } from "./exit-code.ts";
import { reportError } from "./report-error.ts";

function report(error: unknown): { status: number; text: string } {
  const stderr = new PassThrough({ encoding: "utf8" });
  const status = reportError(error, { stderr, program: "scap", verbose: false });
  return { status, text: String(stderr.read()) };
}

it.each([
  [
    "EMFILE",
    "scap: this process may open no more files: /srv/x\nRaise the limit of this shell: ulimit -n 4096\n",
  ],
  ["ENOSPC", "scap: the disk is full: /srv/x\nFree some space on it.\n"],
])("calls what the machine lacks (%s) no bug", (code, text) => {
  const error = Object.assign(new Error(code), { code, syscall: "open", path: "/srv/x" });
  expect(report(error)).toEqual({ status: EXIT.failed, text });
});

it("asks to report other failures of the system", () => {
  const error = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", syscall: "open" });
  expect(report(error)).toMatchObject({ status: EXIT.bug, text: expect.stringContaining("This is a bug.") });
});
