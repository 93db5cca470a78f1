import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { report } from "../src/commands/report.ts";
import { eventLog } from "./event-log.ts";
import { scap } from "./in-process.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scap-report-"));
  writeFileSync(join(root, "a.log"), eventLog(1_900_000_000));
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (argv: readonly string[], input = "") =>
  scap(root, ["report", ...argv], { commands: [report], input });

it("writes one page and says where", async () => {
  const { status, stdout, stderr } = await run(["a.log", "-o", "page.html"]);
  expect([status, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/^Wrote page\.html \(\d+ kB\)\n$/);
  expect(readFileSync(join(root, "page.html"), "utf8")).toContain(
    "<title>Deployment of shop/web 0123456</title>",
  );
  expect(readdirSync(root).toSorted()).toEqual(["a.log", "page.html"]);
});

it("reads standard input and writes standard output", async () => {
  const { stdout } = await run(["-", "-o", "-"], eventLog(1_900_000_000));
  expect(stdout).toMatch(/^<!doctype html>/);
});

it.each([
  [["none.log"], "no such file"],
  [["old.log"], "holds no deployment"],
  [["a.log", "-o", "nowhere/page.html"], "the directory does not exist"],
  [["a.log", "-o", "folder"], "it is a directory"],
])("%j fails and leaves nothing", async (argv, message) => {
  writeFileSync(join(root, "old.log"), '{"msg": "no events"}\n');
  mkdirSync(join(root, "folder"));
  const outcome = await run(argv);
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain(message);
  expect(readdirSync(root).toSorted()).toEqual(["a.log", "folder", "old.log"]);
});
