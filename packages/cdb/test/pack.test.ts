import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run-cdb.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdb-pack-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the packed package runs by npx in an empty folder, without the workspace", async () => {
  const packageFolder = fileURLToPath(new URL("..", import.meta.url));
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], "", packageFolder);
  const { filename, files } = JSON.parse(packed.stdout)[0];
  expect(files.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "bin/cdb.cjs",
      "dist/cli.cjs",
      "dist/index.d.ts",
      "dist/l10n-worker.js",
    ]),
  );
  const npx = async (...args: string[]) =>
    await run(
      "npx",
      ["--yes", "--offline", `--package=./${filename}`, "cdb", ...args],
      "+3,5:one->Hello\n\n",
      folder,
    );
  expect(await npx("make", "x.cdb")).toMatchObject({ code: 0, stdout: "" });
  expect(await npx("get", "x.cdb", "one")).toMatchObject({ code: 0, stdout: "Hello\n" });
  expect(await npx("refresh", ".")).toMatchObject({ code: 0, stdout: ".: 1 JSON file written\n" });
});
