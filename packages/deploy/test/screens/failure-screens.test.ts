import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAILURE_SCENARIOS } from "./failure-scenarios.ts";
import { playScenario } from "./play-scenario.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
];
const hasTmux = spawnSync("tmux", ["-V"]).status === 0;
if (!hasTmux && process.env["CI"] !== undefined) throw new Error("tmux is needed under CI");

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-screens-"));
  if (!hasTmux) return;
  // A session that stays keeps the server from ending between two screens.
  tmux("new-session", "-d", "-s", "base", "exec cat");
  tmux("set", "-g", "status", "off");
});
afterAll(() => {
  if (hasTmux) tmux("kill-server");
  rmSync(directory, { recursive: true });
});

function tmux(...args: string[]): string {
  return execFileSync("tmux", ["-S", join(directory, "tmux"), "-f", "/dev/null", ...args], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
}

/** What a person sees at the end, in a real terminal of that size. */
function screen(name: string, bytes: string, { columns, rows }: (typeof SIZES)[number]): string {
  const file = join(directory, name);
  writeFileSync(file, bytes);
  const show = 'cat "$1"; tmux -S "$2" wait-for -S "$3"; exec cat';
  const words = ["sh", "-c", show, "sh", file, join(directory, "tmux"), name];
  tmux("-u", "new-session", "-d", "-s", name, "-x", String(columns), "-y", String(rows), ...words);
  tmux("wait-for", name);
  const text = tmux("capture-pane", "-p", "-t", name);
  tmux("kill-session", "-t", name);
  return text;
}

describe.skipIf(!hasTmux)(`one screen${hasTmux ? "" : " (NOT RUN: needs tmux)"} of 200 hosts`, () => {
  const cases = FAILURE_SCENARIOS.flatMap((scenario) =>
    SIZES.map((size) => ({ scenario, size, ...size, ...scenario })),
  );
  it.each(cases)("tells what happened: $name at $columns columns", async ({ scenario, size }) => {
    const bytes = await playScenario(scenario, size.columns);
    const name = `${scenario.name}-${size.columns}`;
    await expect(screen(name, bytes, size)).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});
