import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BackgroundLab, labDown, labList, labShell, realLabObstacle } from "../src/index.ts";
import { isSameProcess } from "../src/state/process-identity.ts";
import { defaultStateDirectory } from "../src/state/state-directory.ts";

// By its full path, since the process in the background runs elsewhere.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
let stateDirectory: string;
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), "lab-state-"));
});
afterEach(async () => {
  await labDown({ stateDirectory });
  await rm(stateDirectory, { recursive: true, force: true });
});

const obstacle = realLabObstacle();
const kinds = obstacle === undefined ? ["embedded", "real"] : ["embedded"];

it.runIf(process.env["CI"])("has what a real lab needs, under CI", () => {
  expect(obstacle).toBeUndefined();
});

describe.each(kinds)(
  `a %s lab in the background${obstacle ? ` (real ones NOT RUN: ${obstacle})` : ""}`,
  (kind) => {
    it("outlives the process that started it, until it is taken down", async () => {
      const lab = await up(2, kind);
      expect(lab).toMatchObject({ kind, hosts: [{ name: "web1" }, { name: "web2" }] });
      expect(await labList({ stateDirectory })).toEqual(lab);
      const { stdout } = await execa("ssh", ["-F", lab.env["SCAP_SSH_CONFIG"] ?? "", "web2", "echo $HOME"]);
      expect(stdout).toMatch(/home/);
      expect(await labShell({ stateDirectory, host: "web1", command: ["exit", "5"] })).toBe(5);
      expect(await labDown({ stateDirectory })).toBe(true);
      expect(await labList({ stateDirectory })).toBeUndefined();
      expect(await readdir(stateDirectory)).toEqual([]);
      expect(isSameProcess(lab.owner)).toBe(false);
    });
  },
);

it("does not start twice, and says what else is wrong", async () => {
  await up(1);
  expect(await up(1)).toMatchObject({ code: "LAB_RUNNING" });
  await expect(labShell({ stateDirectory, host: "web2" })).rejects.toMatchObject({ code: "UNKNOWN_HOST" });
  await labDown({ stateDirectory });
  expect(await labDown({ stateDirectory })).toBe(false);
  await expect(labShell({ stateDirectory, host: "web1" })).rejects.toMatchObject({ code: "NO_LAB" });
  expect(await up(0)).toMatchObject({ code: "BAD_OPTION" });
  expect(await up(1)).toMatchObject({ kind: "embedded" });
});

it("starts over after its process was killed, and leaves files that are not its own", async () => {
  await writeFile(join(stateDirectory, "mine"), "");
  const first = await up(1);
  process.kill(first.owner.pid, "SIGKILL");
  await expect.poll(() => labList({ stateDirectory })).toBeUndefined();
  const second = await up(1);
  expect(second.owner).not.toEqual(first.owner);
  await labDown({ stateDirectory });
  expect(await readdir(stateDirectory)).toEqual(["mine"]);
});

it("keeps its state where XDG says", () => {
  expect(defaultStateDirectory({ XDG_STATE_HOME: "/x" })).toBe("/x/scap/lab");
  expect(defaultStateDirectory({})).toMatch(/\/\.local\/state\/scap\/lab$/);
});

async function up(hosts: number, kind = "embedded"): Promise<BackgroundLab> {
  const fixture = join(import.meta.dirname, "fixtures/lab-up.ts");
  const { stdout } = await execa("node", ["--import", TSX, fixture, stateDirectory, String(hosts), kind]);
  return JSON.parse(stdout);
}
