import type { CompiledTemplate } from "../compile/compiled-template.ts";
import { PyObject } from "../values/object.ts";
import { reprOf } from "../values/repr.ts";
import type { Value } from "../values/value.ts";
import type { Context, VariableScope } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** What `import` gives: the macros and variables of a template. */
export class TemplateModule extends PyObject {
  readonly typeName = "TemplateModule";
  /** Name of the template. */
  readonly name: string;
  /** What the template printed. */
  readonly output: string;
  readonly #exported: ReadonlyMap<string, Value>;

  constructor(name: string, output: string, context: Context) {
    super();
    this.name = name;
    this.output = output;
    this.#exported = context.exportedValues();
  }

  override get moduleName(): string {
    return "jinja2.environment";
  }

  override repr(): string {
    return `<TemplateModule ${reprOf(this.name)}>`;
  }

  override text(): string {
    return this.output;
  }

  /** Its text is HTML when the template escaped its output, which is all that Jinja2 asks for too. */
  get html(): string {
    return this.output;
  }

  override attribute(name: string): Value | undefined {
    return this.#exported.get(name);
  }
}

/** Runs a template for `import ... with context`, or with nothing but the globals. */
export function makeModule(
  runtime: Runtime,
  template: CompiledTemplate,
  outside: VariableScope,
): TemplateModule {
  const context = runtime.newContext(template, outside);
  const output = runtime.capture(() => runtime.printTemplate(template, context));
  return new TemplateModule(template.name, output, context);
}

/** The module of a template without context; made once a rendering. */
export function defaultModule(runtime: Runtime, template: CompiledTemplate): TemplateModule {
  const known = runtime.moduleOf(template);
  if (known !== undefined) return known;
  const module = makeModule(runtime, template, runtime.services.globals);
  runtime.keepModule(template, module);
  return module;
}
