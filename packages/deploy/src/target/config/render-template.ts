import { parseOutputFormat, renderTemplate, TemplateError, type EngineName } from "@scap/template";

import type { PublishedConfigFile } from "../../deploy-info.ts";
import { TargetWorkError } from "../target-error.ts";

/**
 * Renders the template of a configuration file.
 *
 * @throws TargetWorkError `TEMPLATE` that names the file and the line
 */
export async function renderConfigFile(
  file: PublishedConfigFile,
  variables: ReadonlyMap<string, unknown>,
  options: { readonly strict: boolean },
): Promise<string> {
  try {
    return await renderTemplate({
      ...options,
      variables,
      text: file.template,
      name: file.name,
      engine: engineOf(file),
      erbSyntax: file.erb_syntax,
      outputFormat: parseOutputFormat(file.output_format, file.name),
    });
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new TargetWorkError(`Config file ${file.name}: ${cause.message}`, {
      code: "TEMPLATE",
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}

function engineOf({ engine, name }: PublishedConfigFile): EngineName {
  if (engine === undefined || engine === "jinja" || engine === "jinja2") return "jinja";
  if (engine === "liquid") return "liquid";
  throw new TargetWorkError(`Config file ${name}: unknown template engine ${JSON.stringify(engine)}`, {
    code: "TEMPLATE",
    hint: "Known are jinja and liquid.",
  });
}
