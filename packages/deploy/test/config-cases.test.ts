import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { toPlainValue, writeYamlInline } from "@scap/template";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { PublishedConfigFile } from "../src/deploy-info.ts";
import { parseDeployInfo } from "../src/parse-deploy-info.ts";
import { serialiseDeployInfo } from "../src/serialise-deploy-info.ts";
import { loadConfigFiles, type LoadedConfigFiles } from "../src/server/plan/config-files.ts";
import { checkFiles, scapDirectories } from "../src/server/plan/environment-files.ts";
import { renderConfigFile } from "../src/target/config/render-template.ts";
import { deployInfo } from "./target/sample-target.ts";

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "scap-config-cases-"));
});
afterEach(() => rmSync(checkout, { recursive: true }));

type Files = Readonly<Record<string, string>>;

/** What the deploy server makes of files below `scap/`. */
async function load(files: Files, environment: string | null = null): Promise<LoadedConfigFiles> {
  const all: Files = { "config-files.yaml": "out: {template: t.j2}\n", "templates/t.j2": "x", ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(checkout, "scap", name)), { recursive: true });
    writeFileSync(join(checkout, "scap", name), text);
  }
  const directories = await scapDirectories(checkout, environment);
  const loaded = await loadConfigFiles({ directories, settings: { configDeploy: true } });
  if (loaded === undefined) throw new Error("config_deploy is on");
  return loaded;
}

/** The text of the first file after its way through the deploy info, as on a target. */
async function renderPublished(scap: Files, environment: string | null = null): Promise<string> {
  const { published } = await load(scap, environment);
  const text = serialiseDeployInfo(deployInfo("a".repeat(40), { config_files: published }));
  const files = configFilesOf(text);
  const [file] = files.get("files") as Map<string, unknown>[]; // one, by `load`
  const variables = files.get("override_vars") as Map<string, unknown>; // a mapping, by the server
  const options = Object.fromEntries(file ?? []) as unknown as PublishedConfigFile;
  return await renderConfigFile(options, variables, { strict: true });
}

/** Config files as they come to a target: maps of any depth. */
function configFilesOf(deployInfoText: string): Map<string, unknown> {
  const files: unknown = parseDeployInfo(deployInfoText, "DEPLOY_HEAD").config_files;
  if (!(files instanceof Map)) throw new Error("nothing was published");
  return files;
}

describe("the files of a checkout", () => {
  it("may have any name that fits config-files.y*ml or checks.y*ml, as in Python Scap", async () => {
    const { published } = await load(
      { "environments/beta/config-files.yxml": "own: {template: t.j2}\n" },
      "beta",
    );
    expect(published.files.map(({ name }) => name)).toEqual(["own"]);
    writeFileSync(join(checkout, "scap", "checks.y.yaml.ml"), "checks: {}\n");
    expect(await checkFiles([join(checkout, "scap")])).toEqual([join(checkout, "scap", "checks.y.yaml.ml")]);
  });

  it("are published with line feeds at the ends of their lines", async () => {
    const { published } = await load({ "templates/t.j2": "a\r\nb\rc\n" });
    expect(published.files.map(({ template }) => template)).toEqual(["a\nb\nc\n"]);
  });

  it("keep their line ends where the template is Liquid", async () => {
    const files = { "config-files.yaml": "out: {template: t.liquid}\n", "templates/t.liquid": "a\r\nb" };
    expect((await load(files)).published.files.map(({ template }) => template)).toEqual(["a\r\nb"]);
  });

  it("are those of no environment when its name is empty", async () => {
    await load({});
    expect(await scapDirectories(checkout, "")).toEqual([join(checkout, "scap")]);
  });
});

describe("variables on their way through the deploy info", () => {
  const loop = "{% for k, v in m.items() %}{{ k }} {% endfor %}";

  it.each([
    ["{b: 1, a: 2, C: 3, é: 4, _: 5, '10': 6, '9': 7}", "10 9 C _ a b é "],
    ["{10: a, 9: b, 100: c}", "9 10 100 "],
    ["{b: 1, 3: 2, a: 3}", "b 3 a "],
    ["{😀: 1, ￮: 2, z: 3}", "z ￮ 😀 "],
    ["{2.5: a, 10: b, true: c, -1: d}", "-1 True 2.5 10 "],
    ["{2020-02-01: a, 2020-01-31: b}", "2020-01-31 2020-02-01 "],
    ["{~: a}", "None "],
    ["{b: {z: 1, y: 2}}", "b "],
  ])("(template case 38) are sorted as Python sorts them: %s", async (mapping, keys) => {
    const files = { "vars.yaml": `m: ${mapping}\n`, "templates/t.j2": loop };
    expect(await renderPublished(files)).toBe(keys);
  });

  it("(template case 38) are sorted at every level", async () => {
    const files = { "vars.yaml": "m: [{b: {d: 1, c: 2}, a: 3}]\n", "templates/t.j2": "{{ m }}" };
    expect(await renderPublished(files)).toBe("[{'a': 3, 'b': {'c': 2, 'd': 1}}]");
  });

  it("(template case 39) keep the types that Python reads", async () => {
    const vars =
      "x: 1e3\ny: 0755\nz: yes\nw: 1:30\nf: 1.0\nb: 12345678901234567890\nd: 2020-01-01\nn: ~\ns: '1'\n";
    const text = "{{ x }} {{ y }} {{ z }} {{ w }} {{ f }} {{ b }} {{ [d, n, s, x] }}";
    const expected = "1e3 493 True 90 1.0 12345678901234567890 [datetime.date(2020, 1, 1), None, '1', '1e3']";
    expect(await renderPublished({ "vars.yaml": vars, "templates/t.j2": text })).toBe(expected);
  });

  it("(template case 40) of the environment replace those of the base as a whole", async () => {
    const files = {
      "vars.yaml": "a: 1\nm: {p: 1, q: 2}\n",
      "environments/beta/vars.yaml": "m: {q: 3}\nb: 2\n",
      "templates/t.j2": "a {{ a }}, m {{ m }}, b {{ b }}",
    };
    expect(await renderPublished(files, "beta")).toBe("a 1, m {'q': 3}, b 2");
  });

  it("of the environment are merged at every level where the file says merge: deep (template W6)", async () => {
    const files = {
      "config-files.yaml": "deep: {template: t.j2, merge: deep}\nshallow: {template: t.j2}\n",
      "vars.yaml": "a: 1\nm: {p: 1, q: {r: 2, s: [1]}}\n",
      "environments/beta/vars.yaml": "m: {q: {s: [2]}}\nb: 2\n",
    };
    const { published } = await load(files, "beta");
    const again = configFilesOf(serialiseDeployInfo(deployInfo("a".repeat(40), { config_files: published })));
    const [deep, shallow] = again.get("files") as Map<string, unknown>[]; // two, by config-files.yaml
    expect([deep?.get("merge"), writeYamlInline(deep?.get("vars"))]).toEqual([
      "deep",
      "{a: 1, b: 2, m: {p: 1, q: {r: 2, s: [2]}}}",
    ]);
    expect([shallow?.get("merge"), writeYamlInline(again.get("override_vars"))]).toEqual([
      undefined,
      "{a: 1, b: 2, m: {q: {s: [2]}}}",
    ]);
    expect((await load(files)).published.files[0]).not.toHaveProperty("vars");
  });

  it("(template case 34) are UTF-8, and so is the template", async () => {
    expect(await renderPublished({ "vars.yaml": "v: ❤\n", "templates/t.j2": "⚡ {{ v }}" })).toBe("⚡ ❤");
  });

  it("may be missing or empty (template W7)", async () => {
    expect((await load({})).published.override_vars).toEqual(new Map());
    expect((await load({ "vars.yaml": "# none\n" })).published.override_vars).toEqual(new Map());
  });
});

describe("config-files.yaml", () => {
  it.each([
    ["../../x", "../../x"],
    ["//etc/x", "//etc/x"],
    ["/../x", "/../x"],
    ["/etc/../../x", "/etc/../../x"],
    ["..", ".."],
    ["a/../../x", "a/../../x"],
    ["conf/", "conf/"],
    [".git/config", ".git/config"],
    ["'.'", "."],
    ["''", ""],
  ])("(template case 42) refuses the destination %s", async (name, shown) => {
    await expect(
      load({ "config-files.yaml": `a: {template: t.j2}\n${name}: {template: t.j2}\n` }),
    ).rejects.toThrow(
      new RegExp(
        `config-files\\.yaml:2: ${JSON.stringify(shown).replaceAll(".", "\\.")}: the destination is not a file`,
      ),
    );
  });

  it.each(["/etc/x.yaml", "conf/x", "./conf/x", "conf/../x", "a..b/..c"])(
    "takes the destination %s",
    async (name) => {
      const { published } = await load({ "config-files.yaml": `${name}: {template: t.j2}\n` });
      expect(published.files.map((file) => file.name)).toEqual([name]);
    },
  );

  it("(template case 43, A25) guesses formats, keeps those that are given, and refuses others", async () => {
    const formats = async (options: string, name = "/etc/a.yml.j2"): Promise<unknown> => {
      const loaded = await load({ "config-files.yaml": `${name}: {template: t.j2${options}}\n` });
      return loaded.published.files[0]?.output_format;
    };
    expect(await formats("")).toBe("yaml");
    expect(await formats(", output_format: yml")).toBe("yml");
    expect(await formats(", output_format: yml", "plain")).toBe("yml");
    expect(await formats(", output_format: ~", "/etc/a.yaml")).toBeNull();
    expect(await formats(", output_format: json")).toBe("json");
    await expect(formats(", output_format: ini")).rejects.toThrow(
      /config-files\.yaml:1: .*unknown output_format "ini" for the template t\.j2/,
    );
  });

  it("is that of the environment alone where there is one, with templates of both (template W2)", async () => {
    const { published } = await load(
      {
        "config-files.yaml": "base: {template: t.j2}\n",
        "environments/beta/config-files.yml": "two: {template: t.j2}\none: {template: u.j2}\n",
        "templates/u.j2": "base",
        "environments/beta/templates/t.j2": "beta\r\n",
      },
      "beta",
    );
    expect(published.files.map(({ name, template }) => [name, template])).toEqual([
      ["two", "beta\n"],
      ["one", "base"],
    ]);
  });

  it("is stored in its order, and remote_vars only where there are some", async () => {
    const { published } = await load({
      "config-files.yaml":
        "/etc/z.yaml: {template: t.j2, erb_syntax: true, remote_vars: /etc/v.yaml}\na: {template: t.j2, remote_vars: }\n",
      "templates/t.j2": "port: <%= port %>\n",
      "vars.yaml": "zones: {b: 2, a: 1}\nport: 8080\n",
    });
    const text = serialiseDeployInfo(deployInfo("a".repeat(40), { config_files: published }));
    expect(text.slice(text.indexOf("config_files:"), text.indexOf("git_rev:"))).toBe(`config_files:
  files:
  - erb_syntax: true
    name: /etc/z.yaml
    output_format: yaml
    remote_vars: /etc/v.yaml
    template: 'port: <%= port %>

      '
  - erb_syntax: false
    name: a
    output_format: null
    template: 'port: <%= port %>

      '
  override_vars:
    port: 8080
    zones:
      a: 1
      b: 2
`);
  });

  it.each<[string, Files, RegExp]>([
    ["an empty list", { "config-files.yaml": "" }, /config-files\.yaml: expected a mapping/],
    ["a list", { "config-files.yaml": "- a\n" }, /config-files\.yaml: expected a mapping/],
    [
      "no template",
      { "config-files.yaml": "a:\n" },
      /config-files\.yaml:1: "a": expected a mapping of options/,
    ],
    [
      "a missing template",
      { "config-files.yaml": "a: {template: no.j2}\n" },
      /there is no template "no\.j2"/,
    ],
    ["a syntax error", { "templates/t.j2": "a\n{% if %}" }, /t\.j2:2: /],
    ["an unknown filter", { "templates/t.j2": "a\n\n{{ x|nope }}" }, /t\.j2:3: No filter named 'nope'/],
    [
      "variables that are a list",
      { "vars.yaml": "- a\n" },
      /vars\.yaml: expected a mapping of variable names/,
    ],
    ["variables that are no YAML", { "vars.yaml": "a: 1\nb: [\n" }, /vars\.yaml:\d: invalid YAML/],
    [
      "a variable without a text as its name",
      { "vars.yaml": "a: 1\n1: b\n" },
      /vars\.yaml:2: the variable name 1/,
    ],
    ["an alias that is not there", { "vars.yaml": "a: *b\n" }, /vars\.yaml:1: .*"b" has no anchor/],
    [
      "a tag of Python",
      { "vars.yaml": "a: !!python/none x\n" },
      /vars\.yaml:1: .*python\/none is not allowed/,
    ],
  ])("is refused with its place: %s", async (_what, files, message) => {
    await expect(load(files)).rejects.toThrow(message);
  });

  it("names options that nobody knows", async () => {
    const { warnings } = await load({ "config-files.yaml": "a:\n  template: t.j2\n  erb: true\n" });
    expect(warnings).toEqual([`${checkout}/scap/config-files.yaml:3: "a": unknown option "erb"`]);
  });
});

it("reads variables as they were published, with floats apart from integers", async () => {
  const { published } = await load({ "vars.yaml": "f: 1.0\ni: 1\n" });
  const text = serialiseDeployInfo(deployInfo("a".repeat(40), { config_files: published }));
  expect(text).toContain("  override_vars:\n    f: 1.0\n    i: 1\n");
  expect(toPlainValue(configFilesOf(text).get("override_vars"))).toEqual(
    new Map([
      ["f", 1],
      ["i", 1],
    ]),
  );
});
