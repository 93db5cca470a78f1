import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { decodeRecord, formatMessage } from "../src/index.ts";

it("the example of the README logs to the screen and to a file, without the secret", () => {
  const path = join(tmpdir(), "example-deploy.log");
  rmSync(path, { force: true });
  const example = fileURLToPath(new URL("../examples/deploy.ts", import.meta.url));
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  // tsx finds the sources of the package through the paths of this configuration.
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, "tsconfig.json") };
  const run = spawnSync(process.execPath, ["--import", "tsx", example], { encoding: "utf8", cwd: root, env });
  expect(run.stderr).toBe("");
  expect(run.stdout.replace(/\d\d:\d\d:\d\d/g, "HH:MM:SS").replace(/ +$/gm, "")).toMatchInlineSnapshot(`
    "HH:MM:SS Started sync-apaches
    HH:MM:SS sync-apaches:   0% (ok: 0; fail: 0; left: 2)
    HH:MM:SS sync-apaches:  50% (ok: 1; fail: 0; left: 1)
    HH:MM:SS sync-apaches: 100% (ok: 2; fail: 0; left: 0)
    HH:MM:SS Finished sync-apaches (duration: 00m 00s)
    HH:MM:SS The password is [redacted]
    "
  `);
  const records = readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => decodeRecord(line) ?? []);
  expect(records.map(({ name }) => name)).toEqual([
    "deploy.timer",
    "target.web1.example.org.deploy-local",
    "target.web2.example.org.deploy-local",
    "deploy.timer",
    "deploy",
  ]);
  expect(formatMessage(records.at(-1) ?? {})).toBe("The password is [redacted]");
});
