import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findTemplate, readConfigFiles, type ConfigFileList } from "./config-files.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-config-files-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string): ConfigFileList {
  const file = join(directory, "config-files.yaml");
  writeFileSync(file, text);
  return readConfigFiles(file);
}

test("reads entries in order with their defaults", () => {
  const text = `
/etc/shop/config.yaml: {template: config.yaml.j2, erb_syntax: true, remote_vars: /etc/shop/vars.yaml}
conf/local.properties:
  template: local.liquid
/etc/a.yaml: {template: a, output_format: null, remote_vars: ''}
`;
  expect(read(text).entries).toEqual([
    {
      destination: "/etc/shop/config.yaml",
      template: "config.yaml.j2",
      engine: "jinja",
      erbSyntax: true,
      outputFormat: "yaml",
      remoteVars: "/etc/shop/vars.yaml",
      merge: "shallow",
      line: 2,
    },
    {
      destination: "conf/local.properties",
      template: "local.liquid",
      engine: "liquid",
      erbSyntax: false,
      outputFormat: null,
      remoteVars: undefined,
      merge: "shallow",
      line: 3,
    },
    expect.objectContaining({ destination: "/etc/a.yaml", outputFormat: null, remoteVars: undefined }),
  ]);
});

test.each([
  ["", "expected a mapping of destination paths"],
  ["a: b", ':1: "a": expected a mapping of options'],
  ["a: {}", ':1: "a": there is no template'],
  ["\na: {template: ../x}", ':2: "a": the template "../x" is not a plain file name'],
  ["a: {template: /etc/passwd}", "is not a plain file name"],
  ["a: {template: x, output_format: xml}", 'unknown output_format "xml" for the template x'],
  ["a: {template: x, erb_syntax: 1}", "erb_syntax must be true or false"],
  ["a: {template: x.liquid, erb_syntax: true}", "has no ERB delimiters"],
  ["a: {template: [x]}", "template must be a text"],
  ["/../a: {template: x}", ':1: "/../a": the destination is not a file below / or in the revision'],
  ["a: {template: x, merge: deeply}", 'merge must be shallow or deep, not "deeply"'],
  ["a: {template: x, mode: 640}", "mode must be octal such as 0640, not 640"],
  ['a: {template: x, validate: " "}', "validate is blank"],
])("%j is refused with its place (template W8)", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("unknown options are warnings", () => {
  expect(read("a:\n  template: x\n  erb_sintax: true\n").warnings).toEqual([
    `${join(directory, "config-files.yaml")}:3: "a": unknown option "erb_sintax"`,
  ]);
});

test("the template of the environment comes first", () => {
  const [base, beta] = [join(directory, "scap"), join(directory, "scap/environments/beta")];
  for (const place of [base, beta]) mkdirSync(join(place, "templates"), { recursive: true });
  writeFileSync(join(base, "templates/a"), "");
  writeFileSync(join(base, "templates/b"), "");
  writeFileSync(join(beta, "templates/a"), "");
  expect(findTemplate("a", [beta, base])).toBe(join(beta, "templates/a"));
  expect(findTemplate("b", [beta, base])).toBe(join(base, "templates/b"));
  expect(() => findTemplate("c", [beta, base])).toThrow('there is no template "c"');
});
