import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRevisionProbe, revisionProbeScript } from "./revision-probe.ts";

const [A, B] = ["a".repeat(40), "b".repeat(40)] as const;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap probe-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function probe(): ReturnType<typeof parseRevisionProbe> {
  const script = revisionProbeScript({ repo: "acme/web", gitDeployDir: directory });
  return parseRevisionProbe(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }));
}

function addRevision(name: string, head: string, promotedAt?: number): void {
  const git = join(directory, "acme/web-cache/revs", name, ".git");
  mkdirSync(git, { recursive: true });
  writeFileSync(join(git, "HEAD"), `${head}\n`);
  if (promotedAt === undefined) return;
  writeFileSync(join(git, "scap-promoted"), "");
  utimesSync(join(git, "scap-promoted"), promotedAt, promotedAt);
}

describe("the revisions of a host", () => {
  it("are those that could be switched to, with what is known of them", () => {
    addRevision(A, A, 1000.25);
    addRevision(B, B);
    addRevision("c".repeat(40), "damaged");
    const root = join(directory, "acme/web-cache");
    symlinkSync(`revs/${A}`, join(root, "current"));
    mkdirSync(join(root, ".scap"));
    const verdicts = { [B]: { verdict: "bad", reason: 'smoke: it\'s "down"', at: "x" } };
    writeFileSync(join(root, ".scap/verdicts"), `${JSON.stringify(verdicts)}\n`);
    expect(probe()).toEqual({
      current: A,
      done: null,
      revisions: [
        { revision: A, verdict: "unknown", promotedAt: 1000.25 },
        { revision: B, verdict: "bad", reason: 'smoke: it\'s "down"', promotedAt: null },
      ],
    });
  });

  it("are none where nothing was deployed", () => {
    expect(probe()).toEqual({ current: null, done: null, revisions: [] });
  });

  it.each(["", "hello", "== scap-revisions 1\n"])("are not taken from an answer like %j", (text) => {
    expect(parseRevisionProbe(text)).toBeUndefined();
  });

  it.each(["null", "[1]", '{"x": 1}', "{", '{"__proto__": {"verdict": "good"}}'])(
    "have no verdict when a host says %s",
    (text) => {
      const answer = `== scap-revisions 1\nrevision ${A}\nverdicts ${text}\n== end\n`;
      expect(parseRevisionProbe(answer)?.revisions[0]?.verdict).toBe("unknown");
    },
  );
});
