import type { EngineName } from "./engine.ts";
import type { OutputFormat } from "./output-format.ts";
import type { TemplateVariables } from "./variables.ts";

/** A template and how it is to be rendered. */
export interface TemplateSource {
  /** The text of the template. */
  readonly text: string;
  /** What messages call it, for example `config.yaml.j2`. */
  readonly name: string;
  /** @defaultValue by the name: `liquid` for `*.liquid`, else `jinja` */
  readonly engine?: EngineName | undefined;
  /** Uses `<% %>`, `<%= %>` and `<%# %>` in Jinja. @defaultValue `false` */
  readonly erbSyntax?: boolean | undefined;
  /** @defaultValue none: values print as in Python (Jinja) */
  readonly outputFormat?: OutputFormat | null | undefined;
  /** Makes using an undefined variable an error; without it, it prints nothing. @defaultValue `true` */
  readonly strict?: boolean | undefined;
  /** Told about things that work but should be changed. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A template that was parsed and can be rendered any number of times. */
export interface CompiledTemplate {
  /** @throws TemplateError `TEMPLATE_RENDER` with template and line. */
  render(variables: TemplateVariables): string;
}
