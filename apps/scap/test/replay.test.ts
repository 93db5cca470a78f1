import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { decodeLooseRecord, type LogRecord } from "@scap/log";
import { replay } from "../src/commands/replay.ts";
import { listenForKeys } from "../src/replay/listen-for-keys.ts";
import { Player } from "../src/replay/player.ts";
import { replayRecords } from "../src/replay/replay-record.ts";
import { ReplayScreen } from "../src/replay/replay-screen.ts";
import { replaySinks } from "../src/replay/replay-sinks.ts";
import { eventLog } from "./event-log.ts";
import { scap } from "./in-process.ts";

const START = 1_900_000_000;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scap-replay-"));
  writeFileSync(join(root, "a.log"), eventLog(START));
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (...argv: string[]) => scap(root, ["replay", ...argv], { commands: [replay] });
const withoutTimes = (text: string): string => text.replaceAll(/^\d\d:\d\d:\d\d /gm, "");

it("shows a deployment as it was live, in a pipe without waiting", async () => {
  const { status, stdout, stderr } = await run("a.log");
  expect([status, stderr]).toEqual([0, ""]);
  expect(withoutTimes(stdout)).toMatchInlineSnapshot(`
    "== CANARY ==
    :* web[1-2] (2)
    shop/web: fetch stage(s): 100% (in-flight: 0; ok: 2; fail: 0; left: 0)
    shop/web: promote stage(s): 100% (in-flight: 0; ok: 1; fail: 1; left: 0)
    web2: promote failed: web2 is \\x1b[31mnot healthy
        | 500
    canary: 1 of 2 hosts failed
    Deployment of 0123456 failed; nothing was rolled back (00m 06s)
      Because:       1 of 2 hosts failed
      Failed:        web2: promote failed: web2 is \\x1b[31mnot healthy
      Now live on:   web1
      Maybe live on: web2
    "
  `);
});

it("leaves out the timer where announcements say the same, as live", async () => {
  const timer = { name: "deploy.timer", levelno: 20, msg: "Finished deploy", args: [], created: START + 7 };
  const announced = { ...timer, name: "scap.announce", msg: "Finished deploy: why" };
  writeFileSync(
    join(root, "b.log"),
    [eventLog(START).trimEnd(), JSON.stringify(announced), JSON.stringify(timer), ""].join("\n"),
  );
  const { stdout } = await run("b.log");
  expect(stdout.match(/Finished deploy.*/g)).toEqual(["Finished deploy: why"]);
});

it("starts and ends where it is told to, with the state of that moment", async () => {
  const { stdout } = await run("a.log", "--from", "4s", "--until", "6s");
  expect(withoutTimes(stdout)).toContain("shop/web: promote stage(s): 100%");
  expect(stdout).not.toContain("CANARY");
  expect(stdout).not.toContain("failed; nothing was rolled back");
});

it("shows only what a filter lets through", async () => {
  const { stdout } = await run("a.log", "host == web1 name ~ ^target");
  expect(withoutTimes(stdout)).toBe("[web1] 12 objects\n");
});

it("takes the time that it took, divided by the speed", async () => {
  const started = performance.now();
  await run("a.log", "--speed", "30");
  expect(performance.now() - started).toBeGreaterThan(190);
});

it.each([
  [["a.log", "--speed", "0"], 2, "--speed"],
  [["a.log", "--from", "soon"], 2, "soon"],
  [["a.log", "host web1"], 2, "unknown operator"],
  [["none.log"], 1, "no such file"],
  [["empty.log"], 1, "holds no records"],
])("%j ends with %i", async (argv, status, message) => {
  writeFileSync(join(root, "empty.log"), "");
  const outcome = await run(...argv);
  expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
  expect(outcome.stderr).toContain(message);
});

it("plays a log whose events lack what views need, and counts what is no record", async () => {
  writeFileSync(
    join(root, "odd.log"),
    `{"event": "subgroup.started", "msg": "odd"}\nhalf a rec\n{"event": "stage.finished", "counts": 1}\n`,
  );
  const { status, stdout, stderr } = await run("odd.log");
  expect([status, stderr]).toEqual([0, "warning: 1 lines of odd.log are no records\n"]);
  expect(stdout).toContain("odd");
});

/** A player on a screen that only lists what it shows. */
function listingPlayer(created: readonly number[], speed: number): { player: Player; shown: number[] } {
  const shown: number[] = [];
  const out = new PassThrough();
  out.resume();
  const screen = new ReplayScreen(out, (stream) => [
    {
      name: "list",
      write: (record) => {
        stream.write(String(record.created));
        shown.push(record.created);
      },
      close: () => Promise.resolve(),
    },
  ]);
  const records = created.map((at): LogRecord => ({ name: "", msg: "", args: [], levelno: 20, created: at }));
  const [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { player: new Player({ records, screen, speed, from, until }), shown };
}

it("skips a long wait, goes back to the beginning, and stops", async () => {
  const { player, shown } = listingPlayer([100, 101, 5000], 1000);
  const playing = player.play();
  await expect.poll(() => shown).toEqual([100, 101]);
  player.skip(-1000);
  await expect.poll(() => shown).toEqual([100, 101, 100, 101]);
  player.skip(4890);
  await playing;
  expect(shown.at(-1)).toBe(5000);
});

it("shows how it ended when a skip leads beyond", async () => {
  const lines = eventLog(START).trim().split("\n");
  const records = replayRecords(lines.map((line) => decodeLooseRecord(line) ?? {}));
  const out = new PassThrough({ encoding: "utf8" });
  const look = { columns: undefined, colour: false, filter: undefined, isVerbose: false, mode: "deploy" };
  const screen = new ReplayScreen(out, (stream) => replaySinks(stream, look));
  const player = new Player({ records, screen, speed: 1, from: START, until: Number.POSITIVE_INFINITY });
  player.togglePause();
  const playing = player.play();
  player.skip(3600);
  player.togglePause();
  await playing;
  expect(String(out.read())).toContain("failed; nothing was rolled back");
});

it("shows nothing while it is paused, and quits then too", async () => {
  const { player, shown } = listingPlayer([100, 100.1, 100.2], 1);
  player.togglePause();
  const playing = player.play();
  player.togglePause();
  await expect.poll(() => shown).toEqual([100, 100.1, 100.2]);
  await playing;
  const paused = listingPlayer([100, 9000], 1);
  const waiting = paused.player.play();
  await expect.poll(() => paused.shown).toEqual([100]);
  paused.player.togglePause();
  paused.player.stop();
  await waiting;
  expect(paused.shown).toEqual([100]);
});

it("is steered with the keys of a terminal, however they come", async () => {
  const { player, shown } = listingPlayer([100, 9000, 99_000], 1);
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stopListening = listenForKeys(stdin, player);
  const playing = player.play();
  stdin.write("\u001b[C".repeat(900));
  await expect.poll(() => shown).toEqual([100, 9000]);
  stdin.write(" q");
  await playing;
  stopListening();
  expect(stdin.listenerCount("data")).toBe(0);
});
