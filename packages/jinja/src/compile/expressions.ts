import { TemplateRuntimeError, typeError } from "../errors.ts";
import type {
  Call,
  CallArguments,
  Compare,
  CompareOperator,
  Conditional,
  DictNode,
  Expression,
  Filter,
  GetSlice,
  SliceNode,
  Test,
} from "../syntax/nodes.ts";
import { affirm, calculate, negate } from "../values/arithmetic.ts";
import { PyDict } from "../values/dict.ts";
import { equal } from "../values/equality.ts";
import { listOf } from "../values/iteration.ts";
import { escapeValue, isHtml, Markup } from "../values/markup.ts";
import { contains } from "../values/membership.ts";
import { inOrder } from "../values/ordering.ts";
import { textOf } from "../values/repr.ts";
import { sliceOf } from "../values/slicing.ts";
import { asString } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { PyTuple } from "../values/tuple.ts";
import { PyUndefined } from "../values/undefined.ts";
import { NO_KWARGS, valueOr, type Kwargs, type Value } from "../values/value.ts";
import type { FilterFunction } from "../runtime/functions.ts";
import { type Evaluate, type Frame, outerFrame } from "./frame.ts";
import type { Scope } from "./scope.ts";
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
    case "Binary": {
      const { operator, offset } = node;
      const left = compileExpression(node.left, scope);
      const right = compileExpression(node.right, scope);
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        frame.runtime.offset = offset;
        return calculate(operator, a, b, frame.runtime.budget);
      };
    }
    case "Unary": {
      const operand = compileExpression(node.operand, scope);
      return node.operator === "-" ? (frame) => negate(operand(frame)) : (frame) => affirm(operand(frame));
    }
    case "Concat":
      return compileConcat(node.items, scope);
    case "GetAttribute": {
      const { name, offset } = node;
      const object = compileExpression(node.object, scope);
      return (frame) => {
        const value = object(frame);
        frame.runtime.offset = offset;
        return frame.runtime.getAttribute(value, name);
      };
    }
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

function constant(value: Value): Evaluate {
  return () => value;
}

/** Reads a variable; `undefined` when it has no value. */
export function compileRead(ref: Ref, scope: Scope): (frame: Frame) => Value | undefined {
  const { slot } = ref;
  const hops = scope.symbols.unit.hopsTo(ref.unit);
  if (hops === 0) return (frame) => frame.slots[slot];
  return (frame) => outerFrame(frame, hops).slots[slot];
}

function compileName(name: string, scope: Scope): Evaluate {
  const ref = scope.symbols.findRef(name);
  if (ref === undefined) {
    // Only names that Jinja2's own analysis misses get here; they can only come from outside.
    return (frame) => valueOr(frame.context.get(name), () => frame.runtime.undefinedValue({ name }));
  }
  const read = compileRead(ref, scope);
  return (frame) => {
    const value = read(frame);
    return value === undefined ? frame.runtime.undefinedValue({ name }) : value;
  };
}

function compileAll(nodes: readonly Expression[], scope: Scope): Evaluate[] {
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

function compileLogical(
  kind: "And" | "Or",
  leftNode: Expression,
  rightNode: Expression,
  scope: Scope,
): Evaluate {
  const left = compileExpression(leftNode, scope);
  const right = compileExpression(rightNode, scope);
  const stopsOn = kind === "Or";
  return (frame) => {
    const value = left(frame);
    return isTrue(value) === stopsOn ? value : right(frame);
  };
}

function compileCompare(node: Compare, scope: Scope): Evaluate {
  const { offset } = node;
  const first = compileExpression(node.first, scope);
  const operations = node.operations.map(({ operator, operand }) => ({
    operator,
    operand: compileExpression(operand, scope),
  }));
  const [only] = operations;
  if (operations.length === 1 && only !== undefined) {
    const { operator, operand } = only;
    return (frame) => {
      const left = first(frame);
      const right = operand(frame);
      frame.runtime.offset = offset;
      return compare(left, operator, right, frame);
    };
  }
  return (frame) => {
    let left = first(frame);
    for (const { operator, operand } of operations) {
      const right = operand(frame);
      frame.runtime.offset = offset;
      if (!compare(left, operator, right, frame)) return false;
      left = right;
    }
    return true;
  };
}

function compare(left: Value, operator: CompareOperator, right: Value, frame: Frame): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      return contains(right, left, frame.runtime);
    case "not in":
      return !contains(right, left, frame.runtime);
    default:
      return inOrder(left, operator, right);
  }
}

function compileConcat(nodes: readonly Expression[], scope: Scope): Evaluate {
  const items = compileAll(nodes, scope);
  // Where it is only known at run time whether output is escaped, Jinja2 joins without escaping.
  const escapes = scope.state.autoescape === true;
  return (frame) => {
    const values = items.map((item) => item(frame));
    const { runtime } = frame;
    if (escapes && values.some(isHtml))
      return new Markup(values.map((value) => escapeValue(value).html).join(""));
    const text = values.map(textOf).join("");
    runtime.budget.allocate(text.length);
    return text;
  };
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

interface CompiledArguments {
  readonly positional: (frame: Frame) => Value[];
  readonly keyword: (frame: Frame) => Kwargs;
}

function compileArguments(call: CallArguments, scope: Scope): CompiledArguments {
  const args = compileAll(call.args, scope);
  const kwargs = call.kwargs.map(({ name, value }) => ({ name, value: compileExpression(value, scope) }));
  const starArgs = call.starArgs === undefined ? undefined : compileExpression(call.starArgs, scope);
  const starKwargs = call.starKwargs === undefined ? undefined : compileExpression(call.starKwargs, scope);
  return {
    positional: (frame) => {
      const values = args.map((arg) => arg(frame));
      if (starArgs !== undefined) values.push(...listOf(starArgs(frame), frame.runtime));
      return values;
    },
    keyword: (frame) => {
      if (kwargs.length === 0 && starKwargs === undefined) return NO_KWARGS;
      const values = new Map(kwargs.map(({ name, value }) => [name, value(frame)]));
      if (starKwargs !== undefined) addKeywords(values, starKwargs(frame));
      return values;
    },
  };
}

function addKeywords(values: Map<string, Value>, mapping: Value): void {
  if (!(mapping instanceof PyDict)) throw typeError("argument after ** must be a mapping");
  for (const [key, value] of mapping.entries()) {
    const name = asString(key);
    if (name === undefined) throw typeError("keywords must be strings");
    if (values.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    values.set(name, value);
  }
}

/** A call; a call block passes its body as `caller`. */
export function compileCall(node: Call, scope: Scope, caller?: (frame: Frame) => Value): Evaluate {
  const { offset } = node;
  const callee = compileExpression(node.callee, scope);
  const { positional, keyword } = compileArguments(node.call, scope);
  return (frame) => {
    const target = callee(frame);
    const args = positional(frame);
    let kwargs = keyword(frame);
    if (caller !== undefined) kwargs = new Map([...kwargs, ["caller", caller(frame)]]);
    frame.runtime.offset = offset;
    return frame.runtime.call(target, args, kwargs);
  };
}

/** A filter; that of a filter block gets its input from `input`. */
export function compileFilter(node: Filter, scope: Scope, input?: Evaluate): Evaluate {
  const target = node.target === undefined ? input : compileFilterTarget(node.target, scope, input);
  const filter = findFunction("filter", node, scope);
  return compileApplication(filter, target ?? constant(null), node, scope);
}

// In `{% filter a|b %}` the inner filter has no target of its own.
function compileFilterTarget(target: Expression, scope: Scope, input: Evaluate | undefined): Evaluate {
  return target.kind === "Filter" ? compileFilter(target, scope, input) : compileExpression(target, scope);
}

function compileTest(node: Test, scope: Scope): Evaluate {
  const test = findFunction("test", node, scope);
  return compileApplication(test, compileExpression(node.target, scope), node, scope);
}

function compileApplication(
  apply: FilterFunction,
  target: Evaluate,
  { call, offset }: Filter | Test,
  scope: Scope,
): Evaluate {
  const { positional, keyword } = compileArguments(call, scope);
  return (frame) => {
    const { runtime } = frame;
    const value = target(frame);
    const args = positional(frame);
    args.unshift(value);
    const kwargs = keyword(frame);
    runtime.offset = offset;
    runtime.budget.spend(1);
    return apply(runtime, args, kwargs);
  };
}

function findFunction(what: "filter" | "test", node: Filter | Test, scope: Scope): FilterFunction {
  const { state } = scope;
  const found = (what === "filter" ? state.filters : state.tests).get(node.name);
  if (found !== undefined) return found;
  const message = `No ${what} named '${node.name}'`;
  if (!scope.isSoft) throw state.fail(`${message}.`, node, "TemplateAssertionError");
  return () => {
    throw new TemplateRuntimeError("TemplateRuntimeError", `${message} found.`);
  };
}
