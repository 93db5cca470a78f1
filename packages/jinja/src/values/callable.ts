import { UnprintableError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { PyObject } from "./object.ts";
import type { Kwargs, Value } from "./value.ts";

/** What happens when a template calls a function. */
export type CallImplementation = (args: readonly Value[], kwargs: Kwargs, runtime: Runtime) => Value;

/** A function, or a method that is bound to its object. */
export class PyFunction extends PyObject {
  readonly typeName: string;
  /** Name in messages. */
  readonly name: string;
  readonly #implementation: CallImplementation;

  constructor(name: string, implementation: CallImplementation, typeName = "function") {
    super();
    this.name = name;
    this.typeName = typeName;
    this.#implementation = implementation;
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], kwargs: Kwargs, runtime: Runtime): Value {
    return this.#implementation(args, kwargs, runtime);
  }
}

/** A class, such as `cycler`: callable, and printed like `<class 'jinja2.utils.Cycler'>`. */
export class PyClass extends PyFunction {
  constructor(name: string, implementation: CallImplementation) {
    super(name, implementation, "type");
  }

  override repr(): string {
    return `<class '${this.name}'>`;
  }

  override item(): Value | undefined {
    // Python makes a generic type of it, such as `dict['a']`.
    if (this.name === "dict") throw new UnprintableError("generic type");
    return undefined;
  }
}
