import { TemplateRuntimeError, typeError } from "../errors.ts";
import type { Call, CallArguments, Expression, Filter, Test } from "../syntax/nodes.ts";
import { PyDict } from "../values/dict.ts";
import { listOf } from "../values/iteration.ts";
import { asString } from "../values/text.ts";
import { NO_KWARGS, type Kwargs, type Value } from "../values/value.ts";
import type { FilterFunction } from "../runtime/functions.ts";
import { type Evaluate, type Frame } from "./frame.ts";
import type { Scope } from "./scope.ts";
import { compileAll, compileExpression, constant } from "./expressions.ts";

interface CompiledArguments {
  /** Evaluates the positional arguments and adds them to `values`. */
  readonly addPositional: (frame: Frame, values: Value[]) => void;
  readonly keyword: (frame: Frame) => Kwargs;
}

function compileArguments(call: CallArguments, scope: Scope): CompiledArguments {
  const args = compileAll(call.args, scope);
  const kwargs = call.kwargs.map(({ name, value }) => ({ name, value: compileExpression(value, scope) }));
  const starArgs = call.starArgs === undefined ? undefined : compileExpression(call.starArgs, scope);
  const starKwargs = call.starKwargs === undefined ? undefined : compileExpression(call.starKwargs, scope);
  return {
    addPositional: (frame, values) => {
      for (const arg of args) values.push(arg(frame));
      if (starArgs !== undefined) values.push(...listOf(starArgs(frame), frame.runtime));
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
  const { addPositional, keyword } = compileArguments(node.call, scope);
  return (frame) => {
    const target = callee(frame);
    const args: Value[] = [];
    addPositional(frame, args);
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

/** A test. */
export function compileTest(node: Test, scope: Scope): Evaluate {
  const test = findFunction("test", node, scope);
  return compileApplication(test, compileExpression(node.target, scope), node, scope);
}

function compileApplication(
  apply: FilterFunction,
  target: Evaluate,
  { call, offset }: Filter | Test,
  scope: Scope,
): Evaluate {
  const { addPositional, keyword } = compileArguments(call, scope);
  return (frame) => {
    const { runtime } = frame;
    const args = [target(frame)];
    addPositional(frame, args);
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
