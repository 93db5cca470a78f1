import type { CompiledBlock } from "../compile/compiled-template.ts";
import { TemplateRuntimeError } from "../errors.ts";
import { Markup } from "../values/markup.ts";
import { PyObject } from "../values/object.ts";
import { reprOf } from "../values/repr.ts";
import type { Cursor, Kwargs, Value } from "../values/value.ts";
import type { Context } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** The variable `self`. */
export class TemplateReference extends PyObject {
  readonly typeName = "TemplateReference";
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }

  override get moduleName(): string {
    return "jinja2.runtime";
  }

  override repr(): string {
    return `<TemplateReference ${reprOf(this.#context.name)}>`;
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override item(key: Value): Value | undefined {
    if (typeof key !== "string") return undefined;
    const versions = this.#context.blockVersions(key);
    return versions.length === 0 ? undefined : new BlockReference(key, this.#context, versions, 0);
  }

  // Python takes whatever has items for a sequence, and asks for its first one.
  override cursor(): Cursor {
    return {
      next: () => {
        throw new TemplateRuntimeError("KeyError", "0");
      },
    };
  }
}

/** A block that can be printed by calling it: `self.name` and `super`. */
export class BlockReference extends PyObject {
  readonly typeName = "BlockReference";
  readonly #name: string;
  readonly #context: Context;
  readonly #versions: readonly CompiledBlock[];
  readonly #depth: number;

  constructor(name: string, context: Context, versions: readonly CompiledBlock[], depth: number) {
    super();
    this.#name = name;
    this.#context = context;
    this.#versions = versions;
    this.#depth = depth;
  }

  override get moduleName(): string {
    return "jinja2.runtime";
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (name === "name") return this.#name;
    if (name !== "super") return undefined;
    return parentBlock(this.#name, this.#context, this.#versions, this.#depth + 1, runtime);
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(_args: readonly Value[], _kwargs: Kwargs, runtime: Runtime): Value {
    const block = this.#versions[this.#depth];
    if (block === undefined) return "";
    const text = runtime.capture(() => runtime.printBlock(block, this.#context));
    return this.#context.autoescape ? new Markup(text) : text;
  }
}

/** The version of a block at `depth`, or an undefined value when no parent has it. */
export function parentBlock(
  name: string,
  context: Context,
  versions: readonly CompiledBlock[],
  depth: number,
  runtime: Runtime,
): Value {
  if (depth < versions.length) return new BlockReference(name, context, versions, depth);
  return runtime.undefinedValue({ hint: `there is no parent block called ${reprOf(name)}.`, name: "super" });
}
