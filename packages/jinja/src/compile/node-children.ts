import type { CallArguments, Expression, Name, Parameters, Statement, Target } from "../syntax/nodes.ts";

/** What is done with a child: its value is used, it is assigned to, or it is a parameter. */
export type Role = "load" | "store" | "param";
/** A child of a node. */
export type Child = Expression | Target | Statement;
/** Sees the children of a node. */
export type ChildVisitor = (child: Child, role: Role) => void;

/** Calls `visit` with the children of `node`, in the order of Jinja2's node fields. */
export function forEachChild(node: Child, visit: ChildVisitor): void {
  switch (node.kind) {
    case "Const":
    case "Name":
    case "NamespaceRef":
    case "Break":
    case "Continue":
      return;
    case "Tuple":
    case "List":
    case "Concat":
      return loadAll(node.items, visit);
    case "TargetTuple":
      for (const item of node.items) visit(item, "store");
      return;
    case "Output":
      for (const item of node.items) if (item.kind !== "Data") visit(item, "load");
      return;
    case "Dict":
      for (const { key, value } of node.items) loadAll([key, value], visit);
      return;
    case "Conditional":
      return loadAll([node.test, node.value, node.otherwise], visit);
    case "And":
    case "Or":
    case "Binary":
      return loadAll([node.left, node.right], visit);
    case "Not":
    case "Unary":
      return visit(node.operand, "load");
    case "Compare":
      visit(node.first, "load");
      for (const { operand } of node.operations) visit(operand, "load");
      return;
    case "GetAttribute":
      return visit(node.object, "load");
    case "GetItem":
      return loadAll([node.object, node.key], visit);
    case "GetSlice":
      return loadAll([node.object, node.slice], visit);
    case "Slice":
      return loadAll([node.start, node.stop, node.step], visit);
    case "Call":
      visit(node.callee, "load");
      return visitArguments(node.call, visit);
    case "Filter":
    case "Test":
      if (node.target !== undefined) visit(node.target, "load");
      return visitArguments(node.call, visit);
    default:
      return forEachChildOfStatement(node, visit);
  }
}

function forEachChildOfStatement(
  node: Exclude<Statement, { kind: "Output" | "Break" | "Continue" }>,
  visit: ChildVisitor,
): void {
  switch (node.kind) {
    case "For":
      visit(node.target, "store");
      return loadAll([node.iterable, ...node.body, ...node.otherwise, node.test], visit);
    case "If":
      visit(node.test, "load");
      loadAll(node.body, visit);
      for (const { test, body } of node.alternatives) loadAll([test, ...body], visit);
      return loadAll(node.otherwise, visit);
    case "Macro":
      visitParameters(node.parameters, node, visit);
      return loadAll(node.body, visit);
    case "CallBlock":
      visit(node.call, "load");
      visitParameters(node.parameters, node, visit);
      return loadAll(node.body, visit);
    case "FilterBlock":
      return loadAll([...node.body, node.filter], visit);
    case "With":
      for (const target of node.targets) visit(target, "param");
      return loadAll([...node.values, ...node.body], visit);
    case "Assign":
      visit(node.target, "store");
      return visit(node.value, "load");
    case "AssignBlock":
      visit(node.target, "store");
      return loadAll([node.filter, ...node.body], visit);
    case "Autoescape":
      return loadAll([node.value, ...node.body], visit);
    case "Block":
      return loadAll(node.body, visit);
    case "Extends":
    case "Include":
    case "Import":
    case "FromImport":
      return visit(node.template, "load");
    case "ExpressionStatement":
      return visit(node.expression, "load");
    default:
      return node satisfies never;
  }
}

function loadAll(children: readonly (Child | undefined)[], visit: ChildVisitor): void {
  for (const child of children) if (child !== undefined) visit(child, "load");
}

/** Shows the parameters of a macro as names, and then their defaults. */
export function visitParameters(
  { names, defaults }: Parameters,
  { line, offset }: { readonly line: number; readonly offset: number },
  visit: ChildVisitor,
): void {
  for (const name of names) {
    const node: Name = { kind: "Name", name, line, offset };
    visit(node, "param");
  }
  for (const value of defaults) visit(value, "load");
}

function visitArguments(call: CallArguments, visit: ChildVisitor): void {
  loadAll(call.args, visit);
  for (const { value } of call.kwargs) visit(value, "load");
  if (call.starArgs !== undefined) visit(call.starArgs, "load");
  if (call.starKwargs !== undefined) visit(call.starKwargs, "load");
}

/** Calls `visit` with every node below the given ones that is of one of the kinds. */
export function findAll<K extends Child["kind"]>(
  nodes: readonly Child[],
  kind: K,
  visit: (node: Extract<Child, { kind: K }>, role: Role) => void,
): void {
  const look: ChildVisitor = (child, role) => {
    if (child.kind === kind) visit(child as Extract<Child, { kind: K }>, role);
    forEachChild(child, (inner, innerRole) => look(inner, role === "param" ? "param" : innerRole));
  };
  for (const node of nodes) look(node, "load");
}

/**
 * Which of `names` are used in `nodes` before they are assigned there. Blocks are not looked into.
 *
 * @param survey - of the template that the nodes are of.
 */
export function findUndeclared(
  nodes: readonly Child[],
  names: readonly string[],
  survey: { readonly mentions: (name: string) => boolean },
): ReadonlySet<string> {
  const wanted = new Set(names.filter(survey.mentions));
  const undeclared = new Set<string>();
  const look: ChildVisitor = (child, role) => {
    if (child.kind === "Block") return;
    if (child.kind !== "Name") {
      forEachChild(child, (inner, innerRole) => look(inner, role === "param" ? "param" : innerRole));
    } else if (role === "load" && wanted.has(child.name)) undeclared.add(child.name);
    else wanted.delete(child.name);
  };
  for (const node of nodes) {
    if (undeclared.size === wanted.size) break;
    look(node, "load");
  }
  return undeclared;
}
