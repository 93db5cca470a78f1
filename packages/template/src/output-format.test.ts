import { expect, test } from "vitest";
import { chooseEngine } from "./engine.ts";
import { guessOutputFormat, parseOutputFormat } from "./output-format.ts";

test.each([
  "/etc/shop/config.yaml",
  "config.yml",
  "config.yml.j2",
  "the.config.yaml.j2",
  "config.json.yml.j2",
  ".yaml",
])("%s prints as YAML (A25, template case 35)", (path) => {
  expect(guessOutputFormat(path)).toBe("yaml");
});

test.each([
  "config.json.j2",
  "config.yaml.json.j2",
  "a.YAML",
  "yaml",
  "a.yaml.j2.j2",
  "/etc/x.yaml/conf",
  "/etc/x.d/conf",
])("(template case 35) %s has no format", (path) => {
  expect(guessOutputFormat(path)).toBeNull();
});

test("reads the option output_format (A25) (template W16)", () => {
  expect(
    ["yaml", "yml", "json", "yaml-strict", null, ""].map((value) => parseOutputFormat(value, "t")),
  ).toEqual(["yaml", "yml", "json", "yaml-strict", null, null]);
  expect(() => parseOutputFormat("xml", "t.j2")).toThrow('unknown output_format "xml" for the template t.j2');
});

test("chooses the engine by name and option", () => {
  expect(chooseEngine({ template: "a.j2" })).toBe("jinja");
  expect(chooseEngine({ template: "a.conf" })).toBe("jinja");
  expect(chooseEngine({ template: "a.liquid" })).toBe("liquid");
  expect(chooseEngine({ template: "a.liquid", engine: "jinja" })).toBe("jinja");
  expect(chooseEngine({ template: "a.conf", engine: "liquid" })).toBe("liquid");
  expect(() => chooseEngine({ template: "a", engine: "erb" })).toThrow('unknown engine "erb"');
  expect(() => chooseEngine({ template: "a.liquid", erbSyntax: true })).toThrow("has no ERB delimiters");
});
