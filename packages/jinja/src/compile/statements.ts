import { TemplateRuntimeError } from "../errors.ts";
import type { Autoescape, If, Statement, With } from "../syntax/nodes.ts";
import { isTrue } from "../values/truth.ts";
import { compileTarget, compileVariables } from "./assignment.ts";
import { compileExpression } from "./expressions.ts";
import { BREAK, CONTINUE, DONE, type Execute } from "./frame.ts";
import {
  compileBlock,
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from "./inheritance.ts";
import { compileAssign, compileAssignBlock } from "./assign-statements.ts";
import { compileFilterBlock } from "./captures.ts";
import { compileOutput } from "./output.ts";
import { compileFor } from "./loops.ts";
import { compileCallBlock, compileMacro } from "./macros.ts";
import { type Scope } from "./scope.ts";

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
  const [first, second] = steps;
  if (first !== undefined && steps.length === 1) return first;
  if (first !== undefined && second !== undefined && steps.length === 2) {
    return (frame) => first(frame) || second(frame);
  }
  return (frame) => {
    for (const step of steps) {
      const signal = step(frame);
      if (signal !== DONE) return signal;
    }
    return DONE;
  };
}

// Jinja2 notes no line when these begin.
const WITHOUT_LINE: ReadonlySet<string> = new Set([
  "With",
  "Autoescape",
  "FilterBlock",
  "AssignBlock",
  "Extends",
  "Output",
]);

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

function compileIf(node: If, outer: Scope): Execute {
  const scope = outer.soft();
  const branches = [{ ...node }, ...node.alternatives].map(({ test, body, line, offset }) => {
    scope.state.line = line;
    return { test: compileExpression(test, scope), body: compileBody(body, scope), line, offset };
  });
  const otherwise = compileBody(node.otherwise, scope);
  const [first] = branches;
  if (first !== undefined && branches.length === 1) {
    const { body, line, offset, test } = first;
    return at(line, offset, (frame) => (isTrue(test(frame)) ? body(frame) : otherwise(frame)));
  }
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
