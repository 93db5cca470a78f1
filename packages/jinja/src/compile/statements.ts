import { TemplateRuntimeError, typeError } from "../errors.ts";
import type {
  Assign,
  AssignBlock,
  Autoescape,
  FilterBlock,
  If,
  Output,
  Statement,
  With,
} from "../syntax/nodes.ts";
import { escapeHtml, escapeValue, Markup } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { asString } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import type { Value } from "../values/value.ts";
import { compileTarget, compileVariables, targetNames } from "./assignment.ts";
import { compileExpression, compileFilter, compileRead } from "./expressions.ts";
import { BREAK, CONTINUE, DONE, type Evaluate, type Execute, type Frame, type Signal } from "./frame.ts";
import {
  compileBlock,
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from "./inheritance.ts";
import { compileFor } from "./loops.ts";
import { compileCallBlock, compileMacro } from "./macros.ts";
import { compileEscaping, type Scope } from "./scope.ts";

/** Turns statements into one function that runs them. */
export function compileBody(statements: readonly Statement[], scope: Scope): Execute {
  const steps: Execute[] = [];
  for (const statement of statements) {
    // After a second `extends` at the top nothing can run any more.
    const endsHere = statement.kind === "Extends" && scope.state.hasKnownExtends;
    const step = compileStatement(statement, scope);
    if (step !== undefined) steps.push(step);
    if (endsHere) break;
  }
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  return (frame) => {
    for (const step of steps) {
      const signal = step(frame);
      if (signal !== DONE) return signal;
    }
    return DONE;
  };
}

// Jinja2 notes no line when these begin.
const WITHOUT_LINE: ReadonlySet<string> = new Set(["With", "Autoescape", "FilterBlock", "AssignBlock"]);

function compileStatement(node: Statement, scope: Scope): Execute | undefined {
  if (!WITHOUT_LINE.has(node.kind)) scope.state.line = node.line;
  switch (node.kind) {
    case "Output":
      return compileOutput(node, scope);
    case "For":
      return compileFor(node, scope);
    case "If":
      return compileIf(node, scope);
    case "Macro":
      return compileMacro(node, scope);
    case "CallBlock":
      return compileCallBlock(node, scope);
    case "FilterBlock":
      return compileFilterBlock(node, scope);
    case "With":
      return compileWith(node, scope);
    case "Assign":
      return compileAssign(node, scope);
    case "AssignBlock":
      return compileAssignBlock(node, scope);
    case "Autoescape":
      return compileAutoescape(node, scope);
    case "Block":
      return compileBlock(node, scope);
    case "Extends":
      return compileExtends(node, scope);
    case "Include":
      return compileInclude(node, scope);
    case "Import":
      return compileImport(node, scope);
    case "FromImport":
      return compileFromImport(node, scope);
    case "ExpressionStatement": {
      const expression = compileExpression(node.expression, scope);
      return at(node.line, node.offset, (frame) => {
        expression(frame);
        return DONE;
      });
    }
    case "Break":
    case "Continue": {
      if (!scope.isInLoop) scope.state.strayControl ??= node;
      const signal = node.kind === "Break" ? BREAK : CONTINUE;
      return () => signal;
    }
    default:
      return node satisfies never;
  }
}

/** Notes the position before a statement runs. */
export function at(line: number, offset: number, run: Execute): Execute {
  return (frame) => {
    frame.runtime.line = line;
    frame.runtime.offset = offset;
    return run(frame);
  };
}

function compileOutput(node: Output, scope: Scope): Execute | undefined {
  if (scope.requiresOutputCheck && scope.state.hasKnownExtends) return undefined;
  const steps = node.items.map((item) => {
    if (item.kind === "Data") return writeData(item.text);
    scope.state.line = item.line;
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
  const { finalize } = scope.state;
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

function compileIf(node: If, outer: Scope): Execute {
  const scope = outer.soft();
  const branches = [{ ...node }, ...node.alternatives].map(({ test, body, line, offset }) => {
    scope.state.line = line;
    return { test: compileExpression(test, scope), body: compileBody(body, scope), line, offset };
  });
  const otherwise = compileBody(node.otherwise, scope);
  return (frame) => {
    for (const { test, body, line, offset } of branches) {
      frame.runtime.line = line;
      frame.runtime.offset = offset;
      if (isTrue(test(frame))) return body(frame);
    }
    return otherwise(frame);
  };
}

function compileWith(node: With, outer: Scope): Execute {
  const { line } = outer.state;
  const scope = outer.inner();
  scope.symbols.enterWith(node);
  const variables = compileVariables(scope);
  const assignments = node.targets.map((target, index) => {
    const value = node.values[index];
    return {
      assign: compileTarget(target, scope),
      value: value === undefined ? () => null : compileExpression(value, outer),
    };
  });
  const body = compileBody(node.body, scope);
  return at(line, node.offset, (frame) => {
    variables.enter(frame);
    for (const { assign, value } of assignments) assign(frame, value(frame));
    const signal = body(frame);
    variables.leave(frame);
    return signal;
  });
}

function compileAssign(node: Assign, scope: Scope): Execute {
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

/** Captures what a body writes; `undefined` when `break` or `continue` left it. */
function compileCapture(body: Execute): (frame: Frame) => { readonly text: string; readonly signal: Signal } {
  return (frame) => {
    let signal: Signal = DONE;
    const text = frame.runtime.capture(() => {
      signal = body(frame);
    });
    return { text, signal };
  };
}

/** A variable without a name, for text on its way into a filter. */
function hiddenVariable({ symbols }: Scope): {
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

function compileAssignBlock(node: AssignBlock, outer: Scope): Execute {
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

function compileFilterBlock(node: FilterBlock, outer: Scope): Execute {
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

/** Writes the result of a filter or call block, which must be text. */
export function writeText({ runtime }: Frame, value: Value): void {
  const text = asString(value);
  if (text === undefined) throw typeError("the result of a filter or call block must be a string");
  runtime.write(text);
}

function compileAutoescape(node: Autoescape, outer: Scope): Execute {
  const { line } = outer.state;
  const scope = outer.inner();
  scope.symbols.visit(node.value, "load");
  scope.symbols.enterBody(node.body);
  const variables = compileVariables(scope);
  const value = compileExpression(node.value, scope);
  const { state } = scope;
  const outerAutoescape = state.autoescape;
  state.autoescape = node.value.kind === "Const" ? isTrue(node.value.value) : undefined;
  const body = compileBody(node.body, scope);
  state.autoescape = outerAutoescape;
  return at(line, node.offset, (frame) => {
    variables.enter(frame);
    const { context } = frame;
    const before = context.autoescape;
    context.autoescape = isTrue(value(frame));
    const signal = body(frame);
    context.autoescape = before;
    variables.leave(frame);
    return signal;
  });
}

/** An error that a template runs into only when it gets there. */
export function failLater(message: string): Execute {
  return () => {
    throw new TemplateRuntimeError("TemplateRuntimeError", message);
  };
}
