import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "@scap/cli";
import { template } from "../src/commands/template.ts";

let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "scap-template-command-"));
  const files = {
    "scap/scap.cfg": "[global]\ngit_repo: acme/web\n",
    "scap/vars.yaml":
      "port: 8080\nratio: 1.0\nm: {p: 1}\norder: {b: [{y: 1, x: 2}], é: 3, '10': 4, '9': 5}\n",
    "scap/environments/beta/vars.yaml": "m: {q: 2}\n",
    "scap/config-files.yaml": `/etc/web/app.yaml: {template: app.j2, erb_syntax: true}
/etc/web/other.conf: {template: other.conf.j2, remote_vars: /etc/web/secrets.yaml}
`,
    "scap/templates/app.j2": "port: <%= port %> {{ keep }}\nmissing: <%= none %>\n",
    "scap/templates/other.conf.j2": "{{ ratio }} {{ m }}\n",
    "order.txt": "{{ order }}\n",
    "order.yaml": "order: {b: [{y: 1, x: 2}], '10': 4, '9': 5}\n",
    "broken.j2": "a: 1\nb: {{ port | nope }}\n",
    "undefined.j2": "a: [{{ missing }}]\n",
    "t.yaml.j2": "{{ none }} {{ v }}\n",
    "vars.json": '{"v": 1.0, "big": 12345678901234567890}',
    "more.yaml": "v: 2.0\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

async function scapTemplate(
  ...args: readonly string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  const text = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  const io = {
    stdin: new PassThrough(),
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    env: {},
    cwd: checkout,
  };
  const argv = ["template", ...args];
  const status = await runCli({ program: "scap", about: "", commands: [template], argv, io });
  return { status, ...text };
}

test("prints the bytes that a deployment would write", async () => {
  const { status, stdout } = await scapTemplate("render", "app.j2");
  expect({ status, stdout }).toEqual({ status: 0, stdout: "port: 8080 {{ keep }}\nmissing: null" });
});

test("an environment's variables replace those of the base", async () => {
  expect((await scapTemplate("render", "other.conf.j2")).stdout).toBe("1.0 {'p': 1}");
  expect((await scapTemplate("render", "-e", "beta", "scap/templates/other.conf.j2")).stdout).toBe(
    "1.0 {'q': 2}",
  );
});

test("mappings have the order in which targets see them: sorted in the checkout's own variables (case 38)", async () => {
  const sorted = "{'10': 4, '9': 5, 'b': [{'x': 2, 'y': 1}], 'é': 3}";
  expect((await scapTemplate("render", "order.txt")).stdout).toBe(sorted);
  const given = await scapTemplate("render", "order.txt", "--vars", "order.yaml");
  expect(given.stdout).toBe("{'b': [{'y': 1, 'x': 2}], '10': 4, '9': 5}");
});

test("variables given on the command line stand alone, later files win, and floats stay floats", async () => {
  expect((await scapTemplate("render", "t.yaml.j2", "--vars", "vars.json")).stdout).toBe("null 1.0");
  expect(
    (await scapTemplate("render", "t.yaml.j2", "--vars", "vars.json", "--vars", "more.yaml")).stdout,
  ).toBe("null 2.0");
  const args = ["render", "t.yaml.j2", "--vars", "vars.json", "--output-format", "none"];
  expect((await scapTemplate(...args)).stdout).toBe("None 1.0");
});

test("a template error has place, caret and status 1, and prints nothing on standard output", async () => {
  expect(await scapTemplate("render", "broken.j2", "--vars", "vars.json")).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /broken\.j2:2: No filter named 'nope'\.\n.*b: \{\{ port \| nope \}\}\n *\^/,
    ),
  });
});

test("an undefined variable is an error unless --lenient is given", async () => {
  const strict = await scapTemplate("render", "undefined.j2", "--vars", "vars.json");
  expect(strict.status).toBe(1);
  expect(strict.stderr).toContain("undefined.j2:1: 'missing' is undefined");
  const lenient = await scapTemplate("render", "undefined.j2", "--vars", "vars.json", "--lenient");
  expect(lenient).toEqual({ status: 0, stdout: "a: []", stderr: "" });
});

test.each([
  [["render", "none.j2", "--vars", "vars.json"], 'there is no template "none.j2"'],
  [["render", "t.yaml.j2", "--vars", "none.yaml"], "none.yaml: there is no such file"],
])("%j is refused with one sentence", async (args, message) => {
  const { status, stderr } = await scapTemplate(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});

test("check parses every template of the checkout", async () => {
  expect(await scapTemplate("check")).toEqual({
    status: 0,
    stdout: "2 templates, 0 with errors\n",
    stderr: "",
  });
  writeFileSync(join(checkout, "scap/templates/bad.j2"), "{% if %}");
  const { status, stdout, stderr } = await scapTemplate("check");
  rmSync(join(checkout, "scap/templates/bad.j2"));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "3 templates, 1 with errors\n" });
  expect(stderr).toContain("bad.j2:1: ");
});

test("check refuses what a deployment would refuse besides templates", async () => {
  const vars = join(checkout, "scap/vars.yaml");
  const before = readFileSync(vars);
  writeFileSync(vars, "port: 8080\n- a\n");
  expect(await scapTemplate("check")).toMatchObject({ status: 1, stdout: "" });
  writeFileSync(vars, "a: 1\n2: b\n");
  expect((await scapTemplate("check")).stderr).toContain("scap/vars.yaml:2: the variable name 2");
  writeFileSync(vars, before);
});

test("vars tells where each variable comes from", async () => {
  const { stdout, stderr } = await scapTemplate("vars", "-e", "beta");
  expect(stdout).toMatch(/port +8080 +scap\/vars\.yaml:1/);
  expect(stdout).toMatch(
    /m +\{q: 2\} +scap\/environments\/beta\/vars\.yaml:1 +instead of scap\/vars\.yaml:3/,
  );
  expect(stderr).toContain("/etc/web/secrets.yaml");
  const json = JSON.parse((await scapTemplate("vars", "--json")).stdout);
  expect(json.variables.ratio).toEqual({ value: "1.0", from: "scap/vars.yaml:2", hides: [] });
});
