/** Names that a shell, an option parser or a path could misread, all the way from the checkout to a host and back. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const NAMES = [
  "a b",
  " leading and trailing ",
  "it's",
  '"quoted"',
  "new\nline",
  "tab\t",
  "$(touch ran)",
  "`touch ran`",
  "; touch ran",
  "-rf",
  "--force",
  "..a",
  "*",
  "~",
  "#x",
  "back\\slash",
  "\u001b[2J",
  "ünï",
];

let lab: Lab;
let checkout: Checkout;
beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: ["web1"] });
  checkout = new Checkout({
    ...scapFiles(["web1"], {
      git_repo: "test/names",
      server_groups: "default",
      config_deploy: "true",
      shared: "up loads",
    }),
    ...files("1"),
    "scap/checks.yaml": `checks:\n  "$(touch ran) it's": {command: "test -e 'current/$(touch ran)'", after: promote}\n`,
    "scap/config-files.yaml": NAMES.filter((name) => !name.includes("\n"))
      .map((name) => `${JSON.stringify(`conf/${name}`)}: {template: t.j2}\n`)
      .join(""),
    "scap/templates/t.j2": "rendered",
  });
});
afterAll(async () => {
  await lab.close();
  checkout.remove();
});

function files(text: string): Record<string, string> {
  return Object.fromEntries(
    NAMES.flatMap((name) => [
      [name, text],
      [`dir/${name}/x`, text],
    ]),
  );
}

async function scap(...args: string[]): Promise<ScapResult> {
  const result = await runScap(args, { cwd: checkout.directory, env: lab.env });
  // oxlint-disable-next-line no-control-regex -- this is what must not reach a terminal
  expect(result.stdout + result.stderr).not.toMatch(/\u001b\[2J/);
  return result;
}

const live = (...parts: string[]): string =>
  lab.host("web1").outside(join(lab.host("web1").deployDir, "test/names", ...parts));

it("are deployed, looked at, mended and rolled back, and nothing of them runs (deploy W38)", async () => {
  const first = await scap("deploy", "$(touch ran) it's `touch ran`");
  expect(first).toMatchObject({ status: 0 });
  checkout.commit(files("2"));
  expect(await scap("deploy", "--", "-x")).toMatchObject({ status: 0 });
  for (const name of NAMES) {
    expect(readFileSync(live(name), "utf8")).toBe("2");
    expect(readFileSync(live("dir", name, "x"), "utf8")).toBe("2");
    if (!name.includes("\n")) expect(readFileSync(live("conf", name), "utf8")).toBe("rendered");
  }
  expect(await scap("status")).toMatchObject({ status: 0 });
  expect(await scap("doctor")).toMatchObject({ status: 0, stdout: "1 of 1 host ready\n" });
  expect(await scap("rollback", "back")).toMatchObject({ status: 0 });
  expect(readFileSync(live("it's"), "utf8")).toBe("1");
  const everywhere = [checkout.directory, live(), live("..", "names-cache"), lab.host("web1").root];
  for (const directory of everywhere) expect(readdirSync(directory)).not.toContain("ran");
  expect(existsSync(join(lab.host("web1").root, "home/ran"))).toBe(false);
});
