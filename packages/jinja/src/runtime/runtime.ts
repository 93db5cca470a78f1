import type { CompiledBlock, CompiledTemplate } from "../compile/compiled-template.ts";
import { rootFrame } from "../compile/frame.ts";
import { TemplateLimitError, TemplateRuntimeError, type TemplateLocation } from "../errors.ts";
import { locate } from "../source-excerpt.ts";
import { Budget, type Limits } from "../limits.ts";
import type { MethodTables } from "../methods/method-tables.ts";
import { PyFunction } from "../values/callable.ts";
import { requireHash } from "../values/hashing.ts";
import { reprOf } from "../values/repr.ts";
import { PyUndefined, type UndefinedOrigin } from "../values/undefined.ts";
import { valueOr, type Cursor, type Kwargs, type Value } from "../values/value.ts";
import { Context, type VariableScope } from "./context.ts";
import type { FilterFunction } from "./functions.ts";
import { findAttribute, findItem, isUnsafeName, missingItem } from "./member-access.ts";
import { callValue } from "./calling.ts";
import type { RuntimeServices } from "./runtime-services.ts";
import type { TemplateModule } from "./template-module.ts";

/** One rendering: its output, its position and what it has used of its limits. */
export class Runtime {
  readonly services: RuntimeServices;
  readonly budget: Budget;
  /** Text that is written to. */
  output = "";
  /** Line of the statement that runs. */
  line = 1;
  /** Offset of the operation that runs. */
  offset = 0;
  /** The context whose code runs. */
  context: Context;
  #modules: Map<CompiledTemplate, TemplateModule> | undefined;
  #depth = 0;
  readonly #outputSize: number;

  constructor(services: RuntimeServices, limits: Limits, template: CompiledTemplate, outside: VariableScope) {
    this.services = services;
    this.budget = new Budget(limits);
    this.#outputSize = limits.outputSize;
    this.context = this.newContext(template, outside);
  }

  /** A context for a template that is rendered on its own. */
  newContext(template: CompiledTemplate, outside: VariableScope): Context {
    return new Context(template, outside, this.services.autoescapes(template.name));
  }

  /** The module of a template that was imported before. */
  moduleOf(template: CompiledTemplate): TemplateModule | undefined {
    return this.#modules?.get(template);
  }

  /** Keeps the module of a template for the rest of the rendering. */
  keepModule(template: CompiledTemplate, module: TemplateModule): void {
    (this.#modules ??= new Map()).set(template, module);
  }

  /** Whether output is escaped now. */
  get autoescape(): boolean {
    return this.context.autoescape;
  }

  /** Warns about the operation that runs. */
  warn(message: string): void {
    this.services.warn(message, this.location());
  }

  /** Where the rendering is. */
  location(): TemplateLocation {
    const { template } = this.context;
    return locate(template.name, template.source, this.line, this.offset);
  }

  /** Appends to the output. */
  write(text: string): void {
    this.output += text;
    if (this.output.length > this.#outputSize) {
      const message = `the output is longer than ${this.#outputSize} characters`;
      throw new TemplateLimitError("outputSize", message);
    }
  }

  /** Runs `print` and returns what it wrote. */
  capture(print: () => void): string {
    const before = this.output;
    this.output = "";
    print();
    const captured = this.output;
    this.output = before;
    return captured;
  }

  /**
   * Runs code of another template, block or macro, and comes back to this position. After an error the
   * position stays where the error is.
   */
  enter<T>(context: Context, template: CompiledTemplate, run: () => T): T {
    const { line, offset, context: caller } = this;
    const { template: callerTemplate } = context;
    if (++this.#depth > this.budget.limits.recursion) {
      throw new TemplateLimitError(
        "recursion",
        `macros, includes or blocks are nested deeper than ${this.budget.limits.recursion} levels`,
        "RecursionError",
      );
    }
    this.budget.spend(3);
    this.context = context;
    context.template = template;
    const result = run();
    this.#depth--;
    context.template = callerTemplate;
    this.context = caller;
    this.line = line;
    this.offset = offset;
    return result;
  }

  /** Prints a whole template. */
  printTemplate(template: CompiledTemplate, context: Context): void {
    this.enter(context, template, () => template.run(rootFrame(template.slotCount, this, context)));
  }

  /** Prints a block; `owner` is the template that it stands in. */
  printBlock(block: CompiledBlock, context: Context): void {
    this.enter(context, block.template(), () => block.run(rootFrame(block.slotCount, this, context)));
  }

  /** An undefined value of the environment's kind. */
  undefinedValue(origin: UndefinedOrigin): PyUndefined {
    return new PyUndefined(this.services.undefinedKind, origin);
  }

  /** Python's `getattr(value, name)`, or `undefined`. @throws for names that reach into Python itself. */
  attributeOf(value: Value, name: string): Value | undefined {
    const found = findAttribute(value, name, this);
    if (found === undefined && isUnsafeName(name) && !(value instanceof PyUndefined)) {
      throw new TemplateRuntimeError(
        "SecurityError",
        `'${name}' is a part of Python that templates do not have here`,
      );
    }
    return found;
  }

  /** `value.name`: the attribute or else the item. */
  getAttribute(value: Value, name: string): Value {
    const attribute = findAttribute(value, name, this);
    if (attribute !== undefined) return attribute;
    return valueOr(findItem(value, name), () => this.#missing(value, name));
  }

  /** `value[key]`: the item or else the attribute. */
  getItem(value: Value, key: Value): Value {
    const item = findItem(value, key);
    if (item !== undefined) return item;
    const attribute = typeof key === "string" ? findAttribute(value, key, this) : undefined;
    return valueOr(attribute, () => this.#missing(value, key));
  }

  /** Python's own `value[key]`. @throws TemplateRuntimeError (`KeyError`, `IndexError` or `TypeError`) */
  requireItem(value: Value, key: Value): Value {
    const item = findItem(value, key);
    if (item !== undefined) return item;
    throw missingItem(value, key);
  }

  #missing(object: Value, name: Value): Value {
    if (typeof name === "string" && isUnsafeName(name)) {
      throw new TemplateRuntimeError(
        "SecurityError",
        `'${name}' is a part of Python that templates do not have here`,
      );
    }
    return this.undefinedValue({ object, name });
  }

  /** The method `name` of a builtin type, bound to `self`. */
  methodOf(type: keyof MethodTables, self: Value, name: string): Value | undefined {
    const method = this.services.methods[type].get(name);
    if (method === undefined) return undefined;
    return new PyFunction(
      name,
      (args, kwargs, runtime) => method(runtime, [self, ...args], kwargs),
      "builtin_function_or_method",
    );
  }

  /** `callee(*args, **kwargs)` */
  call(callee: Value, args: readonly Value[], kwargs: Kwargs): Value {
    return callValue(this, callee, args, kwargs);
  }

  /** The filter `name` applied as by `map`. */
  applyFilter(name: Value, args: readonly Value[], kwargs: Kwargs): Value {
    return this.#apply("filter", this.services.filters, name, args, kwargs);
  }

  /** The test `name` applied as by `select`. */
  applyTest(name: Value, args: readonly Value[], kwargs: Kwargs): Value {
    return this.#apply("test", this.services.tests, name, args, kwargs);
  }

  #apply(
    what: string,
    table: ReadonlyMap<string, FilterFunction>,
    name: Value,
    args: readonly Value[],
    kwargs: Kwargs,
  ): Value {
    const implementation = typeof name === "string" ? table.get(name) : undefined;
    if (implementation !== undefined) {
      this.budget.spend(1);
      return implementation(this, args, kwargs);
    }
    requireHash(name);
    throw new TemplateRuntimeError("TemplateRuntimeError", `No ${what} named ${reprOf(name)}.`);
  }

  /** A cursor that takes a step for each member. */
  charged(cursor: Cursor): Cursor {
    return {
      next: () => {
        this.budget.spend(1);
        return cursor.next();
      },
    };
  }
}
