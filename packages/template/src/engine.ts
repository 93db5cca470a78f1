import { TemplateError } from "./errors.ts";

/** The template languages. */
export type EngineName = "jinja" | "liquid";

/**
 * The engine of a template: the option `engine` when it is set, else Liquid for `*.liquid`, else Jinja.
 *
 * @throws TemplateError `TEMPLATE_OPTION` for an unknown engine, and for Liquid with ERB delimiters.
 */
export function chooseEngine(options: {
  /** File name of the template. */
  readonly template: string;
  readonly engine?: string | null | undefined;
  readonly erbSyntax?: boolean | undefined;
}): EngineName {
  const { template, engine, erbSyntax } = options;
  const name = engine ?? (template.endsWith(".liquid") ? "liquid" : "jinja");
  if (name !== "jinja" && name !== "jinja2" && name !== "liquid") {
    throw new TemplateError(`unknown engine "${name}" for the template ${template}`, {
      code: "TEMPLATE_OPTION",
      hint: "Known are jinja and liquid.",
    });
  }
  if (name !== "liquid") return "jinja";
  if (erbSyntax) {
    throw new TemplateError(`the template ${template} is Liquid, which has no ERB delimiters`, {
      code: "TEMPLATE_OPTION",
      hint: "Remove erb_syntax, or set engine: jinja.",
    });
  }
  return "liquid";
}
