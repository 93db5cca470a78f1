import type {
  Binary,
  Conditional,
  DictNode,
  Expression,
  GetAttribute,
  GetSlice,
  SliceNode,
} from "../syntax/nodes.ts";
import { affirm, calculate, negate } from "../values/arithmetic.ts";
import type { Budget } from "../limits.ts";
import { PyDict } from "../values/dict.ts";
import { sliceOf } from "../values/slicing.ts";
import { isTrue } from "../values/truth.ts";
import { PyTuple } from "../values/tuple.ts";
import { PyUndefined } from "../values/undefined.ts";
import { valueOr, type Value } from "../values/value.ts";
import { type Evaluate, type Frame, outerFrame } from "./frame.ts";
import type { Scope } from "./scope.ts";
import { compileCall, compileFilter, compileTest } from "./calls.ts";
import { compileCompare, compileConcat, compileLogical } from "./operators.ts";
import { isConstant, powerOfConstant } from "./constant-power.ts";
import type { Ref } from "./symbols.ts";

/** Turns an expression into a function that evaluates it. */
export function compileExpression(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case "Const":
      return constant(node.value);
    case "Name":
      return compileName(node.name, scope);
    case "Tuple":
      return compileTuple(node.items, scope);
    case "List":
      return compileList(node.items, scope);
    case "Dict":
      return compileDict(node, scope);
    case "Conditional":
      return compileConditional(node, scope);
    case "And":
    case "Or":
      return compileLogical(node.kind, node.left, node.right, scope);
    case "Not": {
      const operand = compileExpression(node.operand, scope);
      return (frame) => !isTrue(operand(frame));
    }
    case "Compare":
      return compileCompare(node, scope);
    case "Binary":
      return compileBinary(node, scope);
    case "Unary": {
      const operand = compileExpression(node.operand, scope);
      return node.operator === "-" ? (frame) => negate(operand(frame)) : (frame) => affirm(operand(frame));
    }
    case "Concat":
      return compileConcat(node.items, scope);
    case "GetAttribute":
      return compileGetAttribute(node, scope);
    case "GetItem": {
      const { offset } = node;
      const object = compileExpression(node.object, scope);
      const key = compileExpression(node.key, scope);
      return (frame) => {
        const value = object(frame);
        const index = key(frame);
        frame.runtime.offset = offset;
        return frame.runtime.getItem(value, index);
      };
    }
    case "GetSlice":
      return compileGetSlice(node, scope);
    case "Slice":
      return compileStraySlice(node, scope);
    case "Call":
      return compileCall(node, scope);
    case "Filter":
      return compileFilter(node, scope);
    case "Test":
      return compileTest(node, scope);
    default:
      return node satisfies never;
  }
}

/** An expression that is always the same. */
export function constant(value: Value): Evaluate {
  return () => value;
}

/** Reads a variable; `undefined` when it has no value. */
export function compileRead(ref: Ref, scope: Scope): (frame: Frame) => Value | undefined {
  const { slot } = ref;
  const hops = scope.symbols.unit.hopsTo(ref.unit);
  if (hops === 0) return (frame) => frame.slots[slot];
  return (frame) => outerFrame(frame, hops).slots[slot];
}

function compileBinary(node: Binary, scope: Scope): Evaluate {
  const { operator, offset } = node;
  const left = compileExpression(node.left, scope);
  const right = compileExpression(node.right, scope);
  const apply =
    operator === "**" && isConstant(node.left) && !isConstant(node.right)
      ? powerOfConstant
      : (a: Value, b: Value, budget: Budget) => calculate(operator, a, b, budget);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    frame.runtime.offset = offset;
    return apply(a, b, frame.runtime.budget);
  };
}

function compileGetAttribute({ name, object, offset }: GetAttribute, scope: Scope): Evaluate {
  const evaluate = compileExpression(object, scope);
  // A mapping has its methods in front of its members; other names can only be members.
  const isMember = !scope.state.methods.dict.has(name);
  return (frame) => {
    const value = evaluate(frame);
    frame.runtime.offset = offset;
    const member = isMember && value instanceof PyDict ? value.get(name) : undefined;
    return member === undefined ? frame.runtime.getAttribute(value, name) : member;
  };
}

function compileName(name: string, scope: Scope): Evaluate {
  const ref = scope.symbols.findRef(name);
  if (ref === undefined) {
    // Only names that Jinja2's own analysis misses get here; they can only come from outside.
    return (frame) => valueOr(frame.context.get(name), () => frame.runtime.undefinedValue({ name }));
  }
  const { slot } = ref;
  const hops = scope.symbols.unit.hopsTo(ref.unit);
  return (frame) => {
    const value = (hops === 0 ? frame : outerFrame(frame, hops)).slots[slot];
    return value === undefined ? frame.runtime.undefinedValue({ name }) : value;
  };
}

/** Compiles several expressions. */
export function compileAll(nodes: readonly Expression[], scope: Scope): Evaluate[] {
  return nodes.map((node) => compileExpression(node, scope));
}

function compileList(nodes: readonly Expression[], scope: Scope): Evaluate {
  const items = compileAll(nodes, scope);
  return (frame) => items.map((item) => item(frame));
}

function compileTuple(nodes: readonly Expression[], scope: Scope): Evaluate {
  const items = compileAll(nodes, scope);
  return (frame) => new PyTuple(items.map((item) => item(frame)));
}

function compileDict(node: DictNode, scope: Scope): Evaluate {
  const entries = node.items.map(({ key, value }) => ({
    key: compileExpression(key, scope),
    value: compileExpression(value, scope),
  }));
  return (frame) => {
    const dict = new PyDict();
    for (const { key, value } of entries) dict.set(key(frame), value(frame));
    return dict;
  };
}

function compileConditional(node: Conditional, outer: Scope): Evaluate {
  const scope = outer.soft();
  const test = compileExpression(node.test, scope);
  const value = compileExpression(node.value, scope);
  const otherwise =
    node.otherwise === undefined ? noElse(node, scope) : compileExpression(node.otherwise, scope);
  return (frame) => (isTrue(test(frame)) ? value(frame) : otherwise(frame));
}

// Jinja2 uses its default kind here, whatever the environment has.
function noElse(node: Conditional, scope: Scope): Evaluate {
  const place = `line ${node.line} in '${scope.state.templateName}'`;
  const hint = `the inline if-expression on ${place} evaluated to false and no else section was defined.`;
  return () => new PyUndefined("default", { hint });
}

function compileGetSlice({ object, slice, offset }: GetSlice, scope: Scope): Evaluate {
  const value = compileExpression(object, scope);
  const part = (node: Expression | undefined): Evaluate =>
    node === undefined ? constant(null) : compileExpression(node, scope);
  const [start, stop, step] = [part(slice.start), part(slice.stop), part(slice.step)];
  return (frame) => {
    const sequence = value(frame);
    const bounds = { start: start(frame), stop: stop(frame), step: step(frame) };
    frame.runtime.offset = offset;
    return sliceOf(sequence, bounds, frame.runtime.budget);
  };
}

function compileStraySlice(node: SliceNode, scope: Scope): Evaluate {
  throw scope.state.fail("a slice is only allowed alone between brackets", node);
}
