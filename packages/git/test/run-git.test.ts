import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runGit } from "../src/run-git.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-run-git-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A git that starts another process and waits for it. */
function hangingGit(): { program: string; childId: () => number | undefined } {
  const [program, note] = [join(directory, "git"), join(directory, "child")];
  writeFileSync(
    program,
    `#!/bin/sh\nsleep 600 &\necho $! >'${note}.new'; mv '${note}.new' '${note}'\nwait\n`,
    {
      mode: 0o755,
    },
  );
  const childId = (): number | undefined => {
    try {
      return Number(readFileSync(note, "utf8"));
    } catch {
      return undefined;
    }
  };
  return { program, childId };
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits for the end of a process; one that was never started has ended. */
async function gone(pid: number | undefined): Promise<void> {
  await expect.poll(() => pid === undefined || !isRunning(pid), { timeout: 30_000 }).toBe(true);
}

describe("a git that hangs (git W4)", () => {
  it("is ended at its time limit, with what it started", async () => {
    const { childId, program } = hangingGit();
    const run = runGit(["fetch", "origin"], { program, timeoutMs: 3_000 });
    await expect(run).rejects.toMatchObject({
      code: "TIMEOUT",
      message: `${program} fetch origin did not end within 3 s`,
    });
    await gone(childId());
  });

  it("is ended when its caller stops, with what it started", async () => {
    const { childId, program } = hangingGit();
    const stop = new AbortController();
    const ended = runGit(["fetch"], { program, signal: stop.signal }).catch((cause: unknown) => cause);
    await expect.poll(childId, { timeout: 30_000 }).toBeTypeOf("number");
    stop.abort();
    expect(await ended).toMatchObject({ code: "ABORTED" });
    await gone(childId());
  });
});

it("a failing git tells no password of a URL, neither in its words nor in its command (git W29)", async () => {
  const program = join(directory, "git");
  writeFileSync(program, '#!/bin/sh\necho "fatal: cannot reach $2" >&2\nexit 128\n', { mode: 0o755 });
  const run = runGit(["fetch", "https://me:swordfish@example.org/x.git"], { program });
  const error: unknown = await run.catch((cause: unknown) => cause);
  expect(error).toMatchObject({ message: expect.stringContaining("https://example.org/x.git") });
  expect(JSON.stringify(error, ["message", "stderr", "stdout", "hint"])).not.toContain("swordfish");
});
