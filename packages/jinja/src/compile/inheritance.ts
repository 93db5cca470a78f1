import { TemplateNotFoundError, TemplateRuntimeError, UndefinedError } from "../errors.ts";
import { BlockReference } from "../runtime/block-reference.ts";
import { defaultModule, makeModule, type TemplateModule } from "../runtime/template-module.ts";
import type { Block, Expression, Extends, FromImport, Import, Include } from "../syntax/nodes.ts";
import { requireHash } from "../values/hashing.ts";
import { listOf } from "../values/iteration.ts";
import { reprOf } from "../values/repr.ts";
import { asString } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { PyUndefined } from "../values/undefined.ts";
import { valueOr, type Value } from "../values/value.ts";
import { compileLocals } from "./assignment.ts";
import type { CompiledTemplate } from "./compiled-template.ts";
import { compileExpression } from "./expressions.ts";
import { DONE, type Execute, type Frame } from "./frame.ts";
import type { Scope } from "./scope.ts";
import { unlessExtended } from "./output.ts";
import { at, failLater } from "./statements.ts";

/** Compiles the place where a block is printed. */
export function compileBlock(node: Block, scope: Scope): Execute | undefined {
  const { state } = scope;
  if (scope.isTopLevel && state.hasKnownExtends) return undefined;
  const locals = node.isScoped ? compileLocals(scope) : undefined;
  const run = at(node.line, node.offset, (frame) => {
    const { context, runtime } = frame;
    const versions = context.blockVersions(node.name);
    if (node.isRequired && versions.length <= 1) {
      throw new TemplateRuntimeError("TemplateRuntimeError", `Required block '${node.name}' not found`);
    }
    const [block] = versions;
    if (block !== undefined)
      runtime.printBlock(block, locals === undefined ? context : context.derive(locals(frame)));
    return DONE;
  });
  return scope.isTopLevel && state.extendsCount > 0 ? unlessExtended(run) : run;
}

/** Compiles `extends`. */
export function compileExtends(node: Extends, scope: Scope): Execute {
  const { state } = scope;
  if (!scope.isTopLevel) {
    throw state.fail("cannot use extend from a non top-level scope", node, "TemplateAssertionError");
  }
  const extendedTwice = failLater("extended multiple times");
  // Jinja2 notes the line of an `extends` only behind the test for a second one.
  const { line: lineBefore } = state;
  if (state.hasKnownExtends) return at(lineBefore, node.offset, extendedTwice);
  const mayBeSecond = state.extendsCount > 0;
  state.line = node.line;
  const template = compileExpression(node.template, scope);
  if (scope.isRootLevel) state.hasKnownExtends = true;
  state.extendsCount++;
  return at(node.line, node.offset, (frame) => {
    const { inheritance, context } = frame;
    if (mayBeSecond && inheritance.parent !== undefined) {
      frame.runtime.line = lineBefore;
      return extendedTwice(frame);
    }
    const parent = loadTemplate(frame, template(frame));
    inheritance.parent = parent;
    for (const [name, block] of parent.blocks) context.addBlock(name, block);
    return DONE;
  });
}

function loadTemplate(frame: Frame, name: Value): CompiledTemplate {
  if (name instanceof PyUndefined) name.fail();
  const text = asString(name);
  if (text === undefined) {
    requireHash(name);
    throw new TemplateNotFoundError([reprOf(name)]);
  }
  return frame.runtime.services.load(text);
}

/** Compiles `include`. */
export function compileInclude(node: Include, scope: Scope): Execute {
  const name = compileExpression(node.template, scope);
  const locals = compileLocals(scope);
  return at(node.line, node.offset, (frame) => {
    const template = findIncluded(frame, name(frame), node);
    if (template === undefined) return DONE;
    const { runtime, context } = frame;
    if (!node.withContext) {
      runtime.write(defaultModule(runtime, template).output);
      return DONE;
    }
    runtime.printTemplate(template, runtime.newContext(template, context.snapshot(locals(frame))));
    return DONE;
  });
}

function findIncluded(frame: Frame, name: Value, { ignoreMissing }: Include): CompiledTemplate | undefined {
  try {
    const isName = asString(name) !== undefined || name instanceof PyUndefined;
    return isName ? loadTemplate(frame, name) : selectTemplate(frame, name);
  } catch (error) {
    if (ignoreMissing && error instanceof TemplateNotFoundError) return undefined;
    throw error;
  }
}

function selectTemplate(frame: Frame, names: Value): CompiledTemplate {
  const candidates = isTrue(names) ? listOf(names, frame.runtime) : [];
  if (candidates.length === 0) {
    throw new TemplateNotFoundError([], "Tried to select from an empty list of templates.");
  }
  for (const candidate of candidates) {
    try {
      return loadTemplate(frame, candidate);
    } catch (error) {
      if (!(error instanceof TemplateNotFoundError || error instanceof UndefinedError)) throw error;
    }
  }
  const shown = candidates.map((name) =>
    name instanceof PyUndefined ? name.message : (asString(name) ?? reprOf(name)),
  );
  throw new TemplateNotFoundError(shown, `none of the templates given were found: ${shown.join(", ")}`);
}

/** Compiles what `import` and `from` have in common. */
function compileModule(
  node: { readonly template: Expression; readonly withContext: boolean },
  scope: Scope,
): (frame: Frame) => TemplateModule {
  const name = compileExpression(node.template, scope);
  const locals = compileLocals(scope);
  return (frame) => {
    const { runtime, context } = frame;
    const template = loadTemplate(frame, name(frame));
    if (!node.withContext) return defaultModule(runtime, template);
    return makeModule(runtime, template, context.snapshot(locals(frame)));
  };
}

/** Compiles `import`. */
export function compileImport(node: Import, scope: Scope): Execute {
  const module = compileModule(node, scope);
  const setName = compileImportedName(node.target, scope);
  return at(node.line, node.offset, (frame) => {
    setName(frame, module(frame));
    return DONE;
  });
}

/** Compiles `from ... import`. */
export function compileFromImport(node: FromImport, scope: Scope): Execute {
  const module = compileModule(node, scope);
  const names = node.names.map(({ name, alias }) => ({ name, set: compileImportedName(alias, scope) }));
  const place = `line ${node.line} in '${scope.state.templateName}'`;
  return at(node.line, node.offset, (frame) => {
    const imported = module(frame);
    for (const { name, set } of names) {
      const hint = `the template ${reprOf(imported.name)} (imported on ${place}) does not export the requested name '${name}'`;
      set(
        frame,
        valueOr(imported.attribute(name), () => frame.runtime.undefinedValue({ hint, name })),
      );
    }
    return DONE;
  });
}

// Imported names are visible to blocks and includes, but are not exported again.
function compileImportedName(name: string, scope: Scope): (frame: Frame, value: Value) => void {
  const slot = scope.symbols.findRef(name)?.slot ?? 0;
  const { isTopLevel } = scope;
  return (frame, value) => {
    frame.slots[slot] = value;
    if (!isTopLevel) return;
    frame.context.assign(name, value);
    frame.context.hide(name);
  };
}

/** The variable `super` of a block. */
export function superOf(frame: Frame, name: string, own: object): Value {
  const { context, runtime } = frame;
  const versions = context.blockVersions(name);
  const depth = versions.findIndex((version) => version === own) + 1;
  if (depth > 0 && depth < versions.length) return new BlockReference(name, context, versions, depth);
  return runtime.undefinedValue({ hint: `there is no parent block called '${name}'.`, name: "super" });
}
