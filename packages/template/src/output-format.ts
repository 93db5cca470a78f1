import { TemplateError } from "./errors.ts";

/**
 * How values print: `yaml`, or `yml`, which is the same and is published as it was written, prints null and booleans as YAML does; `yaml-strict` also quotes texts and prints lists and
 * mappings in flow style; `json` prints JSON.
 */
export type OutputFormat = "yaml" | "yml" | "yaml-strict" | "json";

/** The format that a destination path asks for: `yaml` for `*.yaml`, `*.yml` and both with `.j2`, else none. */
export function guessOutputFormat(destination: string): "yaml" | null {
  const parts = destination.split(".");
  if (parts.length === 1) return null;
  if (parts.at(-1) === "j2") parts.pop();
  return parts.at(-1) === "yaml" || parts.at(-1) === "yml" ? "yaml" : null;
}

/** Reads the option `output_format`. @throws TemplateError `TEMPLATE_OPTION` for an unknown one. */
export function parseOutputFormat(value: string | null, template: string): OutputFormat | null {
  if (value === null || value === "") return null;
  if (value === "yaml" || value === "yml" || value === "yaml-strict" || value === "json") return value;
  throw new TemplateError(`unknown output_format "${value}" for the template ${template}`, {
    code: "TEMPLATE_OPTION",
    hint: "Known are yaml, yml, yaml-strict and json; null means none.",
  });
}

/** Whether null and booleans print as YAML has them, and everything else as it is. */
export function isLooseYaml(format: OutputFormat | null): boolean {
  return format === "yaml" || format === "yml";
}
