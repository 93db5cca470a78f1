import { TemplateRuntimeError } from "../errors.ts";
import { PyFunction } from "../values/callable.ts";
import { builtin } from "./functions.ts";
import { PyObject } from "../values/object.ts";
import { PyTuple } from "../values/tuple.ts";
import type { Value } from "../values/value.ts";

/** `cycler(a, b)` */
export class Cycler extends PyObject {
  readonly typeName = "Cycler";
  readonly #items: readonly Value[];
  #position = 0;

  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0)
      throw new TemplateRuntimeError("RuntimeError", "at least one item has to be provided");
    this.#items = items;
  }

  override get moduleName(): string {
    return "jinja2.utils";
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "items":
        return new PyTuple(this.#items);
      case "pos":
        return this.#position;
      case "current":
        return this.#current();
      case "next":
        return method("next", () => this.#next());
      case "reset":
        return method("reset", () => this.#reset());
      default:
        return undefined;
    }
  }

  #current(): Value {
    return this.#items[this.#position] ?? null;
  }

  #next(): Value {
    const item = this.#current();
    this.#position = (this.#position + 1) % this.#items.length;
    return item;
  }

  #reset(): null {
    this.#position = 0;
    return null;
  }
}

function method(name: string, implementation: () => Value): PyFunction {
  const call = builtin(name, [], implementation);
  return new PyFunction(name, (args, kwargs, runtime) => call(runtime, args, kwargs), "method");
}

/** `joiner(', ')`: nothing when called first, then the separator. */
export class Joiner extends PyObject {
  readonly typeName = "Joiner";
  readonly #separator: Value;
  #wasUsed = false;

  constructor(separator: Value) {
    super();
    this.#separator = separator;
  }

  override get moduleName(): string {
    return "jinja2.utils";
  }

  override attribute(name: string): Value | undefined {
    if (name === "sep") return this.#separator;
    return name === "used" ? this.#wasUsed : undefined;
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(): Value {
    if (this.#wasUsed) return this.#separator;
    this.#wasUsed = true;
    return "";
  }
}
