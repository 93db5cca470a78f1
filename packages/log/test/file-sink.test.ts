import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogRecord, createLogger, decodeRecord, fileSink, formatMessage } from "../src/index.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-file-sink-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function recordsIn(path: string): LogRecord[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => decodeRecord(line) ?? []);
}

describe("the file sink", () => {
  it("appends records with a host, makes its directories and keeps others out", async () => {
    const path = join(directory, "scap", "log", "x.log");
    for (const host of [undefined, "web1"]) {
      const sink = fileSink({ path, host: "deploy1" });
      createLogger({ name: "deploy", sinks: [sink] }).debug("%s!", { args: ["hi"], ...(host && { host }) });
      await sink.close();
    }
    const records = recordsIn(path);
    expect(records.map(formatMessage)).toEqual(["hi!", "hi!"]);
    expect(records.map(({ host }) => host)).toEqual(["deploy1", "web1"]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("does not glue its first record to half a record of a writer that was killed", async () => {
    const path = join(directory, "x.log");
    writeFileSync(path, '{"msg": "half');
    const sink = fileSink({ path });
    createLogger({ name: "x", sinks: [sink] }).info("whole");
    await sink.close();
    expect(recordsIn(path).map(formatMessage)).toEqual(["whole"]);
  });

  it("names the file that cannot be opened, and why", () => {
    const occupied = join(directory, "occupied");
    mkdirSync(occupied);
    expect(() => fileSink({ path: occupied })).toThrow(
      `Cannot write the log file ${occupied}: it is a directory`,
    );
  });

  it("has everything on disk when the process ends without closing it", () => {
    const path = join(directory, "x.log");
    const source = new URL("../src/index.ts", import.meta.url).href;
    const script = `const { fileSink, createLogger } = await import(${JSON.stringify(source)});
      const logger = createLogger({ name: "x", sinks: [fileSink({ path: ${JSON.stringify(path)} })] });
      for (let at = 0; at < 1000; at += 1) logger.info("m" + at);
      process.exit(3);`;
    const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(run).toMatchObject({ status: 3, stderr: "" });
    expect(recordsIn(path)).toHaveLength(1000);
  });
});

const canMount = process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0;

describe.skipIf(!canMount)(
  `a full disk under the file sink${canMount ? "" : " (NOT RUN: needs root to mount a tmpfs)"}`,
  () => {
    let mounted: string;
    beforeEach(() => {
      mounted = join(directory, "small");
      mkdirSync(mounted);
      const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mounted], {
        encoding: "utf8",
      });
      if (mount.status !== 0) throw new Error(mount.stderr);
    });
    afterEach(() => {
      spawnSync("umount", [mounted]);
    });

    it("drops records, says so once, and marks the gap when there is room again", async () => {
      const filler = join(mounted, "filler");
      writeFileSync(filler, Buffer.alloc(40_000));
      const problems: string[] = [];
      let nowMs = 0;
      const path = join(mounted, "x.log");
      const sink = fileSink({ path, clock: () => nowMs, onProblem: (problem) => problems.push(problem) });
      const logger = createLogger({ name: "x", sinks: [sink] });
      const write = async (message: string): Promise<void> => {
        logger.info(message);
        await sink.flush?.();
      };
      for (let at = 0; at < 20; at += 1) {
        for (let each = 0; each < 9; each += 1) logger.info(`m ${"x".repeat(200)}`);
        await write(`m ${"x".repeat(200)}`);
      }
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("ENOSPC");
      const dropped = sink.dropped?.() ?? 0;
      expect(dropped).toBeGreaterThan(0);

      unlinkSync(filler);
      nowMs += 5000;
      await write("after");
      await sink.close();
      expect(problems[1]).toMatch(/can be written again; \d+ records are missing/);
      const messages = recordsIn(path).map(formatMessage);
      expect(messages.at(-1)).toBe("after");
      expect(messages.at(-2)).toBe(
        `${dropped} log records are missing here: ENOSPC: no space left on device, write`,
      );
      expect(messages.filter((message) => message.startsWith("m"))).toHaveLength(200 - dropped);
    });
  },
);

it.runIf(process.env["CI"])("the machine that runs all tests can mount a small disk", () => {
  expect(canMount).toBe(true);
});
