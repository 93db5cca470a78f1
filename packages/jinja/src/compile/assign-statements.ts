import { compileCapture, hiddenVariable } from "./captures.ts";
import { at, compileBody } from "./statements.ts";
import type { Assign, AssignBlock } from "../syntax/nodes.ts";
import { Markup } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { compileTarget, compileVariables, targetNames } from "./assignment.ts";
import { compileFilter } from "./calls.ts";
import { compileExpression, compileRead } from "./expressions.ts";
import { DONE, type Execute, type Frame } from "./frame.ts";
import { compileEscaping, type Scope } from "./scope.ts";

/** Compiles `set`. */
export function compileAssign(node: Assign, scope: Scope): Execute {
  const value = compileExpression(node.value, scope);
  const assign = compileTarget(node.target, scope);
  const exportNames = compileExport(targetNames(node.target), scope);
  return at(node.line, node.offset, (frame) => {
    assign(frame, value(frame));
    exportNames?.(frame);
    return DONE;
  });
}

/** Makes what is assigned at the top level visible to blocks, includes and imports. */
function compileExport(names: readonly string[], scope: Scope): ((frame: Frame) => void) | undefined {
  if (!scope.isTopLevel || names.length === 0) return undefined;
  const variables = names.map((name) => {
    const ref = scope.symbols.findRef(name);
    return { name, read: ref === undefined ? () => undefined : compileRead(ref, scope) };
  });
  return (frame) => {
    for (const { name, read } of variables) {
      const value = read(frame);
      if (value !== undefined) frame.context.assign(name, value);
      if (!name.startsWith("_")) frame.context.export(name);
    }
  };
}

/** Compiles `set` with a body. */
export function compileAssignBlock(node: AssignBlock, outer: Scope): Execute {
  const scope = outer.inner();
  scope.requiresOutputCheck = false;
  scope.symbols.enterBody(node.body);
  const capture = compileCapture(compileBody(node.body, scope));
  scope.state.line = node.line;
  const captured = hiddenVariable(scope);
  const escapes = compileEscaping(scope);
  const filter = node.filter === undefined ? undefined : compileFilter(node.filter, scope, captured.read);
  const variables = compileVariables(scope);
  const assign = compileTarget(node.target, outer);
  const exportNames = compileExport(targetNames(node.target), outer);
  return at(node.line, node.offset, (frame) => {
    variables.enter(frame);
    const { text, signal } = capture(frame);
    if (signal !== DONE) return signal;
    const { runtime } = frame;
    runtime.line = node.line;
    captured.assign(frame, escapes(frame) ? new Markup(text) : text);
    const value = filter === undefined ? text : filter(frame);
    assign(frame, runtime.autoescape ? new Markup(textOf(value)) : value);
    exportNames?.(frame);
    variables.leave(frame);
    return DONE;
  });
}
