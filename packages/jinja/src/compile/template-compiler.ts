import { TemplateReference } from "../runtime/block-reference.ts";
import type { MethodTables } from "../methods/method-tables.ts";
import type { FilterFunction } from "../runtime/functions.ts";
import type { Block, Statement } from "../syntax/nodes.ts";
import { SyntaxErrorAt } from "../syntax/token-stream.ts";
import { TemplateSyntaxError } from "../errors.ts";
import { compileVariables } from "./assignment.ts";
import type { CompiledBlock, CompiledTemplate } from "./compiled-template.ts";
import type { Frame } from "./frame.ts";
import { superOf } from "./inheritance.ts";
import { findUndeclared } from "./node-children.ts";
import { Scope, type CompileState } from "./scope.ts";
import { compileBody } from "./statements.ts";
import { surveyTemplate } from "./survey.ts";
import { Symbols, Unit } from "./symbols.ts";

/** What the compiler needs to know about the environment. */
export interface CompileOptions {
  readonly name: string;
  /** Source with normalized line ends. */
  readonly source: string;
  readonly filters: ReadonlyMap<string, FilterFunction>;
  readonly tests: ReadonlyMap<string, FilterFunction>;
  readonly methods: MethodTables;
  /** Whether output is escaped. */
  readonly autoescape: boolean;
  /** Whether there is a finalize hook. */
  readonly finalize: boolean;
}

/**
 * Turns a parsed template into functions.
 *
 * @throws SyntaxErrorAt
 */
export function compileTemplate(body: readonly Statement[], options: CompileOptions): CompiledTemplate {
  const blocks = new Map<string, CompiledBlock>();
  const survey = surveyTemplate(body, options.source);
  const state: CompileState = {
    templateName: options.name,
    filters: options.filters,
    tests: options.tests,
    methods: options.methods,
    finalize: options.finalize,
    survey,
    line: 1,
    autoescape: options.autoescape,
    strayControl: undefined,
    extendsCount: 0,
    hasKnownExtends: false,
    fail: (message, { line, offset }, kind) =>
      new SyntaxErrorAt(new TemplateSyntaxError(message, kind), line, offset),
  };
  refuseTwins(survey.blocks, state);
  const root = compileRoot(body, state);
  const template: CompiledTemplate = { name: options.name, source: options.source, blocks, ...root };
  for (const node of survey.blocks)
    blocks.set(
      node.name,
      compileBlockBody(node, state, () => template),
    );
  const { strayControl } = state;
  if (strayControl !== undefined)
    throw state.fail(`'${strayControl.kind.toLowerCase()}' outside loop`, strayControl);
  return template;
}

function refuseTwins(blocks: readonly Block[], state: CompileState): void {
  const names = new Set<string>();
  for (const block of blocks) {
    if (names.has(block.name))
      throw state.fail(`block '${block.name}' defined twice`, block, "TemplateAssertionError");
    names.add(block.name);
  }
}

function compileRoot(
  body: readonly Statement[],
  state: CompileState,
): Pick<CompiledTemplate, "slotCount" | "run"> {
  const unit = new Unit();
  const scope = new Scope(state, new Symbols(unit, undefined), {
    isTopLevel: true,
    isRootLevel: true,
    requiresOutputCheck: state.survey.extendsAnything,
  });
  const selfSlot = findUndeclared(body, ["self"], state.survey).has("self")
    ? scope.symbols.declareParameter("self").slot
    : undefined;
  scope.symbols.visitAll(body);
  const variables = compileVariables(scope);
  const execute = compileBody(body, scope);
  const run = (frame: Frame): void => {
    if (selfSlot !== undefined) frame.slots[selfSlot] = new TemplateReference(frame.context);
    variables.enter(frame);
    execute(frame);
    const { parent } = frame.inheritance;
    if (parent !== undefined) frame.runtime.printTemplate(parent, frame.context);
  };
  return { slotCount: unit.slotCount, run };
}

function compileBlockBody(node: Block, state: CompileState, template: () => CompiledTemplate): CompiledBlock {
  state.line = node.line;
  const unit = new Unit();
  const scope = new Scope(state, new Symbols(unit, undefined));
  const used = findUndeclared(node.body, ["self", "super"], state.survey);
  const selfSlot = used.has("self") ? scope.symbols.declareParameter("self").slot : undefined;
  const superSlot = used.has("super") ? scope.symbols.declareParameter("super").slot : undefined;
  scope.symbols.visitAll(node.body);
  const variables = compileVariables(scope);
  const execute = compileBody(node.body, scope);
  const block: CompiledBlock = {
    name: node.name,
    slotCount: unit.slotCount,
    template,
    run: (frame) => {
      if (selfSlot !== undefined) frame.slots[selfSlot] = new TemplateReference(frame.context);
      if (superSlot !== undefined) frame.slots[superSlot] = superOf(frame, node.name, block);
      variables.enter(frame);
      execute(frame);
    },
  };
  return block;
}
