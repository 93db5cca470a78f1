import { TemplateRuntimeError } from "../errors.ts";
import { Namespace } from "../runtime/namespace.ts";
import type { Target } from "../syntax/nodes.ts";
import type { Value } from "../values/value.ts";
import { unpack } from "../values/unpacking.ts";
import { compileRead } from "./expressions.ts";
import type { Frame } from "./frame.ts";
import type { Scope } from "./scope.ts";
import type { Load, Ref } from "./symbols.ts";

/** Gives a value to a target. */
export type Assign = (frame: Frame, value: Value) => void;

/** Compiles an assignment to a target. Targets are always variables of the frame that runs. */
export function compileTarget(target: Target, scope: Scope): Assign {
  if (target.kind === "NamespaceRef") return compileNamespaceTarget(target, scope);
  if (target.kind === "Name") return assignSlot(scope.symbols.findRef(target.name));
  const parts = target.items.map((item) => compileTarget(item, scope));
  return (frame, value) => {
    const items = unpack(value, parts.length);
    for (let index = 0; index < parts.length; index++) parts[index]?.(frame, items[index] ?? null);
  };
}

/** Puts values into a variable. */
export function assignSlot(ref: Ref | undefined): Assign {
  const slot = ref?.slot ?? 0;
  return (frame, value) => {
    frame.slots[slot] = value;
  };
}

function compileNamespaceTarget(
  { name, attribute }: { readonly name: string; readonly attribute: string },
  scope: Scope,
): Assign {
  const ref = scope.symbols.findRef(name);
  const read = ref === undefined ? () => undefined : compileRead(ref, scope);
  return (frame, value) => {
    const namespace = read(frame);
    if (!(namespace instanceof Namespace)) {
      throw new TemplateRuntimeError(
        "TemplateRuntimeError",
        "cannot assign attribute on non-namespace object",
      );
    }
    namespace.assign(attribute, value);
  };
}

/** The names that an assignment to `target` gives a value. */
export function targetNames(target: Target): string[] {
  if (target.kind === "Name") return [target.name];
  return target.kind === "TargetTuple" ? target.items.flatMap(targetNames) : [];
}

/** Sets up and clears the variables of a scope. */
export interface ScopeVariables {
  readonly enter: (frame: Frame) => void;
  readonly leave: (frame: Frame) => void;
}

/** Compiles what happens to the variables when a scope is entered and left. */
export function compileVariables(scope: Scope): ScopeVariables {
  const loads = [...scope.symbols.loads];
  const setters = loads.flatMap(([ref, load]) => compileLoad(ref, load, scope) ?? []);
  const slots = loads.map(([ref]) => ref.slot);
  return {
    enter: (frame) => {
      for (const set of setters) set(frame);
    },
    leave: (frame) => {
      for (const slot of slots) frame.slots[slot] = undefined;
    },
  };
}

function compileLoad({ slot }: Ref, load: Load, scope: Scope): ((frame: Frame) => void) | undefined {
  switch (load.from) {
    case "parameter":
      return undefined;
    case "nothing":
      return (frame) => {
        frame.slots[slot] = undefined;
      };
    case "context":
      return (frame) => {
        frame.slots[slot] = frame.context.get(load.name);
      };
    case "outer": {
      const read = compileRead(load.ref, scope);
      return (frame) => {
        frame.slots[slot] = read(frame);
      };
    }
    default:
      return load satisfies never;
  }
}

/** Collects the assigned variables that are visible in a scope, for included templates and scoped blocks. */
export function compileLocals(scope: Scope): (frame: Frame) => Map<string, Value> {
  const variables = Array.from(scope.symbols.assignedRefs(), ([name, ref]) => ({
    name,
    read: compileRead(ref, scope),
  }));
  return (frame) => {
    const locals = new Map<string, Value>();
    for (const { name, read } of variables) {
      const value = read(frame);
      if (value !== undefined) locals.set(name, value);
    }
    return locals;
  };
}
