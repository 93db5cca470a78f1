import { Macro, type MacroDefinition } from "../runtime/macro.ts";
import type { CallBlock, MacroNode } from "../syntax/nodes.ts";
import { compileVariables } from "./assignment.ts";
import { compileCall } from "./calls.ts";
import { compileExpression } from "./expressions.ts";
import { DONE, type Execute, type Frame } from "./frame.ts";
import { findUndeclared } from "./node-children.ts";
import type { Scope } from "./scope.ts";
import { writeText } from "./output.ts";
import { at, compileBody } from "./statements.ts";

/** Compiles the definition of a macro. */
export function compileMacro(node: MacroNode, scope: Scope): Execute {
  const definition = defineMacro(node, node.name, scope);
  const slot = scope.symbols.findRef(node.name)?.slot ?? 0;
  const { isTopLevel } = scope;
  return (frame) => {
    const macro = new Macro(definition, frame);
    frame.slots[slot] = macro;
    if (isTopLevel) {
      frame.context.assign(node.name, macro);
      if (!node.name.startsWith("_")) frame.context.export(node.name);
    }
    return DONE;
  };
}

/** Compiles a call with a body. */
export function compileCallBlock(node: CallBlock, scope: Scope): Execute {
  const definition = defineMacro(node, undefined, scope);
  const call = compileCall(node.call, scope, (frame) => new Macro(definition, frame));
  return at(node.line, node.offset, (frame) => {
    writeText(frame, call(frame));
    return DONE;
  });
}

function defineMacro(node: MacroNode | CallBlock, name: string | undefined, outer: Scope): MacroDefinition {
  const scope = outer.innerUnit();
  const { symbols } = scope;
  symbols.enterMacro(node);
  const special = declareSpecial(node, scope);
  symbols.enterMacro(node);
  const slotOf = (parameter: string): number => symbols.findRef(parameter)?.slot ?? 0;
  const parameterSlots = node.parameters.names.map(slotOf);
  const variables = compileVariables(scope);
  const fillDefaults = compileDefaults(node, parameterSlots, scope);
  const body = compileBody(node.body, scope);
  return {
    name,
    parameters: node.parameters.names,
    slots: { parameters: parameterSlots, ...special.slots },
    usesCaller: special.usesCaller,
    slotCount: () => symbols.unit.slotCount,
    run: (frame) => {
      frame.runtime.line = node.line;
      variables.enter(frame);
      fillDefaults(frame);
      body(frame);
    },
  };
}

interface SpecialParameters {
  readonly usesCaller: boolean;
  readonly slots: Pick<MacroDefinition["slots"], "caller" | "kwargs" | "varargs">;
}

/** Declares `caller`, `kwargs` and `varargs` if the body uses them. */
function declareSpecial(node: MacroNode | CallBlock, scope: Scope): SpecialParameters {
  const { names, defaults } = node.parameters;
  const used = findUndeclared(node.body, ["caller", "kwargs", "varargs"], scope.state.survey);
  const usesCaller = used.has("caller");
  const position = names.indexOf("caller");
  if (usesCaller && position >= 0 && position < names.length - defaults.length) {
    const message =
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.';
    throw scope.state.fail(message, node, "TemplateAssertionError");
  }
  const declare = (name: string): number | undefined =>
    used.has(name) && !names.includes(name) ? scope.symbols.declareParameter(name).slot : undefined;
  return {
    usesCaller,
    slots: { caller: declare("caller"), kwargs: declare("kwargs"), varargs: declare("varargs") },
  };
}

function compileDefaults(
  node: MacroNode | CallBlock,
  slots: readonly number[],
  scope: Scope,
): (frame: Frame) => void {
  const { names, defaults } = node.parameters;
  const steps = names.map((name, index) => {
    const expression = defaults[index - (names.length - defaults.length)];
    const hint = `parameter '${name}' was not provided`;
    return {
      slot: slots[index] ?? 0,
      value:
        expression === undefined
          ? (frame: Frame) => frame.runtime.undefinedValue({ hint, name })
          : compileExpression(expression, scope),
    };
  });
  return (frame) => {
    for (const { slot, value } of steps)
      if (frame.slots[slot] === undefined) frame.slots[slot] = value(frame);
  };
}
