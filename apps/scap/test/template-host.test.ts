import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { runCli } from "@scap/cli";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { template } from "../src/commands/template.ts";

let checkout: string;
let lab: Lab;

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), "scap-template-host-"));
  const files = {
    "scap/scap.cfg": "[global]\ngit_repo: acme/web\n",
    "scap/vars.yaml": "port: 8080\nsecret: none here\n",
    "scap/config-files.yaml": `/etc/web/app.conf: {template: app.conf.j2, remote_vars: secrets.yaml}
/etc/web/plain.conf: {template: plain.conf.j2}
`,
    "scap/templates/app.conf.j2": "port={{ port }} secret={{ secret }}\n",
    "scap/templates/plain.conf.j2": "secret={{ secret }}\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
  lab = await startEmbeddedLab({ hosts: 2 });
  await lab.host("web1").exec(["sh", "-c", "echo 'secret: s3cret' > secrets.yaml"]);
});
afterAll(async () => {
  await lab.close();
  rmSync(checkout, { recursive: true });
});

async function render(
  ...argv: readonly string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io = { stdin, stdout, stderr, env: lab.env, cwd: checkout };
  const words = ["template", "render", ...argv];
  const status = await runCli({ program: "scap", about: "", commands: [template], argv: words, io });
  const text = (stream: PassThrough): string => String(stream.read() ?? "");
  return { status, stdout: text(stdout), stderr: text(stderr) };
}

test("with --host the remote_vars file of that host wins, read over SSH", async () => {
  expect(await render("app.conf.j2", "--host", "web1")).toMatchObject({
    status: 0,
    stdout: "port=8080 secret=s3cret",
  });
  expect(await render("app.conf.j2")).toMatchObject({ stdout: "port=8080 secret=none here" });
});

test("a file without remote_vars asks no host", async () => {
  expect(await render("plain.conf.j2", "--host", "nowhere.invalid")).toMatchObject({
    status: 0,
    stdout: "secret=none here",
  });
});

test("a host without the file is one sentence with host and path", async () => {
  const { status, stdout, stderr } = await render("app.conf.j2", "--host", "web2");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("web2:secrets.yaml: cannot be read: cat: secrets.yaml: No such file or directory");
});
