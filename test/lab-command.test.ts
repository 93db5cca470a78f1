import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runScap, type ScapResult } from "./support/run-scap.ts";

let state: string;
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), "scap-lab-command-"));
});
afterAll(async () => {
  await scap("lab", "down");
  rmSync(state, { recursive: true, force: true });
});

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: state, env: { XDG_STATE_HOME: state } });
}

it("says what is up, and announces no lines that a shell takes by eval", async () => {
  const up = await scap("lab", "up", "1");
  expect(up.stderr).toBe(
    "1 embedded host is up.\nDeploy to web1 from any checkout; 'scap lab shell web1' looks around on a host.\n",
  );
  expect(up.stdout).toMatch(/^export SCAP_SSH_CONFIG='/);
  expect((await scap("complete-values", "lab-hosts")).stdout).toBe("web1\n");
});
