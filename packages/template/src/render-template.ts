import type { CompiledTemplate, TemplateSource } from "./compiled-template.ts";
import { chooseEngine } from "./engine.ts";
import type { TemplateVariables } from "./variables.ts";

/** A template with the variables to render it with. */
export interface RenderTemplateOptions extends TemplateSource {
  readonly variables: TemplateVariables;
}

/**
 * Parses a template; rendering it any number of times is synchronous. Only the engine that is used is loaded.
 *
 * @throws TemplateError `TEMPLATE_SYNTAX` with template, line and excerpt; `TEMPLATE_OPTION` for options that do not fit.
 */
export async function compileTemplate(source: TemplateSource): Promise<CompiledTemplate> {
  const engine = chooseEngine({ template: source.name, engine: source.engine, erbSyntax: source.erbSyntax });
  if (engine === "liquid")
    return (await (LOADED.liquid ??= import("./liquid-engine.ts"))).compileLiquid(source);
  return (await (LOADED.jinja ??= import("./jinja-engine.ts"))).compileJinja(source);
}

/** Engines that were used; each further `import()` would ask the module loader again, which costs more than a template. */
const LOADED: {
  jinja?: Promise<typeof import("./jinja-engine.ts")>;
  liquid?: Promise<typeof import("./liquid-engine.ts")>;
} = {};

/**
 * Renders a template once.
 *
 * @throws TemplateError `TEMPLATE_RENDER` too.
 */
export async function renderTemplate({ variables, ...source }: RenderTemplateOptions): Promise<string> {
  return (await compileTemplate(source)).render(variables);
}

/** Looks for everything that is wrong with a template without variables: syntax, unknown filters and tests. */
export async function checkTemplate(source: TemplateSource): Promise<void> {
  await compileTemplate(source);
}
