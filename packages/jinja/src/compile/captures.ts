import { compileBody } from "./statements.ts";
import { writeText } from "./output.ts";
import type { FilterBlock } from "../syntax/nodes.ts";
import { Markup } from "../values/markup.ts";
import type { Value } from "../values/value.ts";
import { compileVariables } from "./assignment.ts";
import { compileFilter } from "./calls.ts";
import { DONE, type Evaluate, type Execute, type Frame, type Signal } from "./frame.ts";
import { compileEscaping, type Scope } from "./scope.ts";

/** Captures what a body writes, and tells how the body ended. */
export function compileCapture(
  body: Execute,
): (frame: Frame) => { readonly text: string; readonly signal: Signal } {
  return (frame) => {
    let signal: Signal = DONE;
    const text = frame.runtime.capture(() => {
      signal = body(frame);
    });
    return { text, signal };
  };
}

/** A variable without a name, for text on its way into a filter. */
export function hiddenVariable({ symbols }: Scope): {
  readonly read: Evaluate;
  readonly assign: (frame: Frame, value: Value) => void;
} {
  const { slot } = symbols.unit.ref(symbols.level, "(captured)");
  return {
    read: (frame) => frame.slots[slot] ?? "",
    assign: (frame, value) => {
      frame.slots[slot] = value;
    },
  };
}

/** Compiles a filter block. */
export function compileFilterBlock(node: FilterBlock, outer: Scope): Execute {
  const scope = outer.inner();
  scope.symbols.enterBody(node.body);
  scope.symbols.visit(node.filter, "load");
  const capture = compileCapture(compileBody(node.body, scope));
  scope.state.line = node.line;
  const captured = hiddenVariable(scope);
  const escapes = compileEscaping(scope);
  const filter = compileFilter(node.filter, scope, captured.read);
  const variables = compileVariables(scope);
  return (frame) => {
    variables.enter(frame);
    const { text, signal } = capture(frame);
    if (signal !== DONE) return signal;
    const { runtime } = frame;
    runtime.line = node.line;
    captured.assign(frame, escapes(frame) ? new Markup(text) : text);
    writeText(frame, filter(frame));
    variables.leave(frame);
    return DONE;
  };
}
