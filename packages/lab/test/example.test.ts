import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

it("runs the example of the README", async () => {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const example = join(import.meta.dirname, "../examples/embedded-lab.ts");
  const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
  expect(readme).toContain(await readFile(example, "utf8"));
  const { stdout } = await execa("node", ["--import", tsx, example], { timeout: 60_000 });
  expect(readme).toContain(`\n${stdout}\n`);
  expect(stdout).toBe(`web1 answers: web1
web2 answers: web2
web3 answers: web3
web2 without a server: ssh exits with 255`);
});
