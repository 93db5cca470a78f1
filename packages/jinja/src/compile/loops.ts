import type { Expression, For, Target } from "../syntax/nodes.ts";
import { LoopContext, type Recurse } from "../runtime/loop-context.ts";
import { cursorOf } from "../values/iteration.ts";
import { Markup } from "../values/markup.ts";
import { OneTimeSequence } from "../values/one-time.ts";
import { PyTuple } from "../values/tuple.ts";
import { isTrue } from "../values/truth.ts";
import type { Cursor, Value } from "../values/value.ts";
import { assignSlot, compileTarget, compileVariables } from "./assignment.ts";
import { compileExpression, compileRead } from "./expressions.ts";
import { BREAK, DONE, innerFrame, type Evaluate, type Execute, type Frame, type Signal } from "./frame.ts";
import { findAll, findUndeclared } from "./node-children.ts";
import { compileEscaping, type Scope } from "./scope.ts";
import { at, compileBody } from "./statements.ts";
import { Unit, type Ref } from "./symbols.ts";

/** How `loop(...)` works in a loop that is recursive. */
interface Recursion {
  readonly depth: number;
  readonly recurse: Recurse | undefined;
}

const NO_RECURSION: Recursion = { depth: 0, recurse: undefined };

/** A loop whose members are known. */
type RunLoop = (frame: Frame, members: Value, recursion: Recursion) => Signal;

/** Compiles a loop. */
export function compileFor(node: For, outer: Scope): Execute {
  refuseLoopTarget(node, outer);
  const iterable = compileExpression(node.iterable, outer);
  return node.isRecursive ? compileRecursive(node, outer, iterable) : compilePlain(node, outer, iterable);
}

function refuseLoopTarget(node: For, scope: Scope): void {
  if (!scope.state.survey.assignsLoop) return;
  findAll([node], "Name", (name, role) => {
    if (role !== "store" || name.name !== "loop") return;
    const message = "Can't assign to special loop variable in for-loop target";
    throw scope.state.fail(message, name, "TemplateAssertionError");
  });
}

function compilePlain(node: For, outer: Scope, iterable: Evaluate): Execute {
  const run = compileRounds(node, outer, outer.symbols.unit);
  return at(node.line, node.offset, (frame) => run(frame, iterable(frame), NO_RECURSION));
}

function compileRecursive(node: For, outer: Scope, iterable: Evaluate): Execute {
  const unit = new Unit(outer.symbols.unit);
  const run = compileRounds(node, outer, unit);
  outer.state.line = node.line;
  const escapes = compileEscaping(outer);
  const render = (up: Frame, members: Value, depth: number): string => {
    const frame = innerFrame(unit.slotCount, up);
    const { runtime, context } = frame;
    const recurse: Recurse = (inner, innerDepth) => {
      const text = render(up, inner, innerDepth);
      return escapes(up) ? new Markup(text) : text;
    };
    return runtime.enter(context, context.template, () =>
      runtime.capture(() => {
        runtime.line = node.line;
        run(frame, members, { depth, recurse });
      }),
    );
  };
  return at(node.line, node.offset, (frame) => {
    frame.runtime.write(render(frame, iterable(frame), 0));
    return DONE;
  });
}

function compileRounds(node: For, outer: Scope, unit: Unit): RunLoop {
  const scope = outer.loop(unit);
  const loopRef = usesLoop(node, outer) ? scope.symbols.declareParameter("loop") : undefined;
  scope.symbols.enterFor(node, "body");
  const variables = compileVariables(scope);
  const assign = compileTarget(node.target, scope);
  const body = compileBody(node.body, scope);
  const filter = node.test === undefined ? undefined : compileLoopFilter(node, node.test, outer, unit);
  const otherwise = compileElse(node, outer, unit);
  const walk = compileWalk(loopRef);
  return (frame, value, recursion) => {
    const { runtime } = frame;
    const cursor = walk(frame, filter === undefined ? value : filter(frame, value), recursion);
    // As in Jinja2, a round that `continue` or `break` cut short does not keep the else part from running.
    let hasFinishedRound = false;
    for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
      runtime.budget.spend(1);
      assign(frame, item);
      variables.enter(frame);
      const signal = body(frame);
      if (signal === BREAK) break;
      hasFinishedRound ||= signal === DONE;
      runtime.line = node.line;
    }
    variables.leave(frame);
    return otherwise === undefined || hasFinishedRound ? DONE : otherwise(frame);
  };
}

/** Makes the cursor of a loop, and its variable `loop` if the body needs one. */
function compileWalk(
  loopRef: Ref | undefined,
): (frame: Frame, members: Value, recursion: Recursion) => Cursor {
  if (loopRef === undefined) return (_frame, members) => cursorOf(members);
  const setLoop = assignSlot(loopRef);
  return (frame, members, { depth, recurse }) => {
    const loop = new LoopContext(members, frame.runtime, recurse, depth);
    setLoop(frame, loop);
    return loop;
  };
}

function usesLoop(node: For, scope: Scope): boolean {
  if (node.isRecursive || findUndeclared(node.body, ["loop"], scope.state.survey).has("loop")) return true;
  return scope.state.survey.hasScopedBlock && hasScopedBlock(node);
}

function hasScopedBlock({ body }: For): boolean {
  let found = false;
  findAll(body, "Block", (block) => {
    found ||= block.isScoped;
  });
  return found;
}

/** `for x in y if test`: the test sees the target in a frame of its own. */
function compileLoopFilter(
  node: For,
  test: Expression,
  outer: Scope,
  unit: Unit,
): (frame: Frame, members: Value) => Value {
  const scope = outer.part(new Unit(unit));
  scope.symbols.enterFor(node, "test");
  const variables = compileVariables(scope);
  const assign = compileTarget(node.target, scope);
  const holds = compileExpression(test, scope);
  const rebuild = compileRebuild(node.target, scope);
  const filterUnit = scope.symbols.unit;
  return (frame, members) => {
    const inner = innerFrame(filterUnit.slotCount, frame);
    frame.runtime.line = test.line;
    const source = frame.runtime.charged(cursorOf(members));
    variables.enter(inner);
    const { runtime } = frame;
    const next = (): Value | undefined => {
      const { line } = runtime;
      runtime.line = test.line;
      let item = source.next();
      for (; item !== undefined; item = source.next()) {
        assign(inner, item);
        if (isTrue(holds(inner))) break;
      }
      // Whoever asked for a member goes on in its own line.
      runtime.line = line;
      return item === undefined ? undefined : rebuild(inner, item);
    };
    return new OneTimeSequence({ next });
  };
}

/** A member that was taken apart goes on to the loop as a tuple of its parts. */
function compileRebuild(target: Target, scope: Scope): (frame: Frame, item: Value) => Value {
  if (target.kind !== "TargetTuple") return (_frame, item) => item;
  const parts = target.items.map((part) => {
    if (part.kind === "TargetTuple") return compileRebuild(part, scope);
    const ref = part.kind === "Name" ? scope.symbols.findRef(part.name) : undefined;
    const read = ref === undefined ? () => null : compileRead(ref, scope);
    return (frame: Frame): Value => read(frame) ?? null;
  });
  return (frame) => new PyTuple(parts.map((part) => part(frame, null)));
}

function compileElse(node: For, outer: Scope, unit: Unit): Execute | undefined {
  if (node.otherwise.length === 0) return undefined;
  const scope = outer.part(unit);
  scope.symbols.enterFor(node, "else");
  const variables = compileVariables(scope);
  const body = compileBody(node.otherwise, scope);
  return (frame) => {
    variables.enter(frame);
    const signal = body(frame);
    variables.leave(frame);
    return signal;
  };
}
