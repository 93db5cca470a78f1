import type { CompiledTemplate } from "./compile/compiled-template.ts";
import { JinjaError, TemplateLimitError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { VariableScope } from "./runtime/context.ts";
import type { RuntimeServices } from "./runtime/runtime-services.ts";
import { Runtime } from "./runtime/runtime.ts";
import { PyDict } from "./values/dict.ts";
import { DataConverter } from "./values/from-javascript.ts";
import type { Value } from "./values/value.ts";

/** Variables by name: a plain object, a `Map` or a {@link PyDict}. */
export type TemplateVariables = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown> | PyDict;

/** A compiled template. Made by `Environment.compile` and `Environment.getTemplate`. */
export class Template {
  readonly #compiled: CompiledTemplate;
  readonly #services: RuntimeServices;
  readonly #limits: Limits;

  /** @internal */
  constructor(compiled: CompiledTemplate, services: RuntimeServices, limits: Limits) {
    this.#compiled = compiled;
    this.#services = services;
    this.#limits = limits;
  }

  /** Name the template was compiled or loaded under. */
  get name(): string {
    return this.#compiled.name;
  }

  /**
   * Renders the template. Variables are converted when the template first uses them, and are never changed.
   *
   * @throws JinjaError with the template, line and column.
   */
  render(variables: TemplateVariables = {}): string {
    const outside = new ConvertedVariables(variables, this.#services.globals);
    const runtime = new Runtime(this.#services, this.#limits, this.#compiled, outside);
    try {
      runtime.printTemplate(this.#compiled, runtime.context);
      return runtime.output;
    } catch (error) {
      throw located(error, runtime);
    }
  }
}

function located(error: unknown, runtime: Runtime): unknown {
  const place = runtime.location();
  if (error instanceof JinjaError) return error.locate(place);
  // The JavaScript stack ran out before the template's own limit was reached.
  if (!(error instanceof RangeError)) return error;
  return new TemplateLimitError("recursion", "the template is nested too deeply", "RecursionError").locate(
    place,
  );
}

/** The caller's variables, converted one by one when they are used, in front of the globals. */
class ConvertedVariables implements VariableScope {
  readonly #source: TemplateVariables;
  readonly #globals: VariableScope;
  #converted: Map<string, Value> | undefined;
  #converter: DataConverter | undefined;

  constructor(source: TemplateVariables, globals: VariableScope) {
    this.#source = source;
    this.#globals = globals;
  }

  get(name: string): Value | undefined {
    const data = this.#read(name);
    if (data === undefined) return this.#globals.get(name);
    // A text needs no work; anything else is converted once, so that its changes last.
    return typeof data === "string" ? data : this.#convert(name, data);
  }

  #convert(name: string, data: unknown): Value {
    this.#converted ??= new Map();
    const known = this.#converted.get(name);
    if (known !== undefined) return known;
    const value = (this.#converter ??= new DataConverter()).convert(data);
    this.#converted.set(name, value);
    return value;
  }

  #read(name: string): unknown {
    const source = this.#source;
    if (source instanceof PyDict || source instanceof Map) return source.get(name);
    return Object.hasOwn(source, name) ? (source as Readonly<Record<string, unknown>>)[name] : undefined;
  }
}
