import { innerFrame, type Frame } from "../compile/frame.ts";
import { typeError } from "../errors.ts";
import { PyDict } from "../values/dict.ts";
import { Markup } from "../values/markup.ts";
import { PyObject } from "../values/object.ts";
import { reprOf } from "../values/repr.ts";
import { PyTuple } from "../values/tuple.ts";
import type { Kwargs, Value } from "../values/value.ts";
import type { CompiledTemplate } from "../compile/compiled-template.ts";
import type { Runtime } from "./runtime.ts";

/** What the compiler knows about a macro. */
export interface MacroDefinition {
  /** `undefined` for call blocks. */
  readonly name: string | undefined;
  readonly parameters: readonly string[];
  /** Where the arguments go; the special ones only when the body uses them. */
  readonly slots: {
    readonly parameters: readonly number[];
    readonly caller: number | undefined;
    readonly kwargs: number | undefined;
    readonly varargs: number | undefined;
  };
  /** Whether the body uses `caller`, also as a parameter. */
  readonly usesCaller: boolean;
  readonly slotCount: () => number;
  /** Fills in defaults and prints the body. */
  readonly run: (frame: Frame) => void;
}

/** A macro of a template. */
export class Macro extends PyObject {
  readonly typeName = "Macro";
  readonly #definition: MacroDefinition;
  readonly #frame: Frame;
  readonly #template: CompiledTemplate;

  /** @param frame - the frame that the macro was defined in. */
  constructor(definition: MacroDefinition, frame: Frame) {
    super();
    this.#definition = definition;
    this.#frame = frame;
    this.#template = frame.context.template;
  }

  override get moduleName(): string {
    return "jinja2.runtime";
  }

  override repr(): string {
    const { name } = this.#definition;
    return `<Macro ${name === undefined ? "anonymous" : reprOf(name)}>`;
  }

  override attribute(name: string): Value | undefined {
    const { parameters, slots, usesCaller } = this.#definition;
    switch (name) {
      case "name":
        return this.#definition.name ?? null;
      case "arguments":
        return new PyTuple(parameters);
      case "catch_kwargs":
        return slots.kwargs !== undefined;
      case "catch_varargs":
        return slots.varargs !== undefined;
      case "caller":
        return usesCaller;
      case "explicit_caller":
        return parameters.includes("caller");
      default:
        return undefined;
    }
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], kwargs: Kwargs, runtime: Runtime): Value {
    const frame = innerFrame(this.#definition.slotCount(), this.#frame);
    this.#bind(frame, args, kwargs, runtime);
    const text = runtime.enter(this.#frame.context, this.#template, () =>
      runtime.capture(() => this.#definition.run(frame)),
    );
    return runtime.autoescape ? new Markup(text) : text;
  }

  #bind(frame: Frame, args: readonly Value[], kwargs: Kwargs, runtime: Runtime): void {
    const { parameters, slots } = this.#definition;
    const rest = new Map(kwargs);
    slots.parameters.forEach((slot, index) => {
      const name = parameters[index] ?? "";
      frame.slots[slot] = index < args.length ? args[index] : rest.get(name);
      if (index >= args.length) rest.delete(name);
    });
    if (slots.caller !== undefined) {
      const caller = rest.get("caller") ?? null;
      rest.delete("caller");
      frame.slots[slots.caller] =
        caller ?? runtime.undefinedValue({ hint: "No caller defined", name: "caller" });
    }
    if (slots.kwargs !== undefined) frame.slots[slots.kwargs] = new PyDict(rest);
    else this.#refuseKeywords(rest);
    if (slots.varargs !== undefined) frame.slots[slots.varargs] = new PyTuple(args.slice(parameters.length));
    else if (args.length > parameters.length) {
      throw typeError(`macro ${this.#shownName()} takes not more than ${parameters.length} argument(s)`);
    }
  }

  #refuseKeywords(rest: Kwargs): void {
    const [name] = rest.keys();
    if (rest.has("caller")) {
      throw typeError(
        `macro ${this.#shownName()} was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    }
    if (name !== undefined)
      throw typeError(`macro ${this.#shownName()} takes no keyword argument ${reprOf(name)}`);
  }

  #shownName(): string {
    return reprOf(this.#definition.name ?? null);
  }
}
