import { typeError } from "../errors.ts";
import type { Output } from "../syntax/nodes.ts";
import { escapeHtml, escapeValue } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { asString } from "../values/text.ts";
import type { Value } from "../values/value.ts";
import { isConstant } from "./constant-power.ts";
import { compileExpression } from "./expressions.ts";
import { DONE, type Evaluate, type Execute, type Frame } from "./frame.ts";
import { compileEscaping, type Scope } from "./scope.ts";

/** Compiles text and output expressions. */
export function compileOutput(node: Output, scope: Scope): Execute | undefined {
  if (scope.requiresOutputCheck && scope.state.hasKnownExtends) return undefined;
  const steps = node.items.map((item) => {
    if (item.kind === "Data") return writeData(item.text);
    // Jinja2 joins constants with the text around them, which has no line.
    if (!isConstant(item)) scope.state.line = item.line;
    return compileOutputItem(compileExpression(item, scope), item, scope);
  });
  const [only] = steps;
  const run: Execute =
    steps.length === 1 && only !== undefined
      ? only
      : (frame) => {
          for (const step of steps) step(frame);
          return DONE;
        };
  return scope.requiresOutputCheck ? unlessExtended(run) : run;
}

/** Skips output of a template that turned out to extend another. */
export function unlessExtended(run: Execute): Execute {
  return (frame) => (frame.inheritance.parent === undefined ? run(frame) : DONE);
}

function writeData(text: string): Execute {
  return (frame) => {
    frame.runtime.write(text);
    return DONE;
  };
}

function compileOutputItem(
  evaluate: Evaluate,
  { line, offset }: { readonly line: number; readonly offset: number },
  scope: Scope,
): Execute {
  const { autoescape, finalize } = scope.state;
  // Nearly every output expression of a configuration file is of this kind.
  if (autoescape === false && !finalize) {
    return (frame) => {
      const { runtime } = frame;
      runtime.line = line;
      runtime.offset = offset;
      runtime.budget.spend(1);
      const value = evaluate(frame);
      runtime.write(typeof value === "string" ? value : textOf(value));
      return DONE;
    };
  }
  const escapes = compileEscaping(scope);
  return (frame) => {
    const { runtime } = frame;
    runtime.line = line;
    runtime.offset = offset;
    runtime.budget.spend(1);
    const value = evaluate(frame);
    const final = finalize ? finalized(frame, value) : value;
    runtime.write(escapes(frame) ? escapedText(final) : textOf(final));
    return DONE;
  };
}

function finalized({ runtime }: Frame, value: Value): Value {
  return runtime.services.finalize?.(value) ?? null;
}

function escapedText(value: Value): string {
  return typeof value === "string" ? escapeHtml(value) : escapeValue(value).html;
}

/** Writes the result of a filter or call block, which must be text. */
export function writeText({ runtime }: Frame, value: Value): void {
  const text = asString(value);
  if (text === undefined) throw typeError("the result of a filter or call block must be a string");
  runtime.write(text);
}
