import type { CallArguments, Expression, Name, Parameters, Statement, Target } from "../syntax/nodes.ts";

/** What is done with a child: its value is used, it is assigned to, or it is a parameter. */
export type Role = "load" | "store" | "param";
/** A child of a node. */
export type Child = Expression | Target | Statement;
/** Sees the children of a node. */
export type ChildVisitor = (child: Child, role: Role) => void;

/** Calls `visit` with the children of `node`, in the order of Jinja2's node fields. */
export function forEachChild(node: Child, visit: ChildVisitor): void {
  const load = (child: Child | undefined): void => {
    if (child !== undefined) visit(child, "load");
  };
  const loadAll = (children: readonly Child[]): void => children.forEach(load);
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
      return loadAll(node.items);
    case "TargetTuple":
      return node.items.forEach((item) => visit(item, "store"));
    case "Output":
      return node.items.forEach((item) => {
        if (item.kind !== "Data") load(item);
      });
    case "Dict":
      return node.items.forEach(({ key, value }) => loadAll([key, value]));
    case "Conditional":
      loadAll([node.test, node.value]);
      return load(node.otherwise);
    case "And":
    case "Or":
    case "Binary":
      return loadAll([node.left, node.right]);
    case "Not":
    case "Unary":
      return load(node.operand);
    case "Compare":
      load(node.first);
      return node.operations.forEach(({ operand }) => load(operand));
    case "GetAttribute":
      return load(node.object);
    case "GetItem":
      return loadAll([node.object, node.key]);
    case "GetSlice":
      return loadAll([node.object, node.slice]);
    case "Slice":
      return [node.start, node.stop, node.step].forEach(load);
    case "Call":
      load(node.callee);
      return visitArguments(node.call, load);
    case "Filter":
    case "Test":
      load(node.target);
      return visitArguments(node.call, load);
    default:
      return forEachChildOfStatement(node, visit, load);
  }
}

function forEachChildOfStatement(
  node: Exclude<Statement, { kind: "Output" | "Break" | "Continue" }>,
  visit: ChildVisitor,
  load: (child: Child | undefined) => void,
): void {
  switch (node.kind) {
    case "For":
      visit(node.target, "store");
      load(node.iterable);
      node.body.forEach(load);
      node.otherwise.forEach(load);
      return load(node.test);
    case "If":
      load(node.test);
      node.body.forEach(load);
      for (const { test, body } of node.alternatives) [test, ...body].forEach(load);
      return node.otherwise.forEach(load);
    case "Macro":
      visitParameters(node.parameters, node, visit);
      return node.body.forEach(load);
    case "CallBlock":
      load(node.call);
      visitParameters(node.parameters, node, visit);
      return node.body.forEach(load);
    case "FilterBlock":
      node.body.forEach(load);
      return load(node.filter);
    case "With":
      node.targets.forEach((target) => visit(target, "param"));
      node.values.forEach(load);
      return node.body.forEach(load);
    case "Assign":
      visit(node.target, "store");
      return load(node.value);
    case "AssignBlock":
      visit(node.target, "store");
      load(node.filter);
      return node.body.forEach(load);
    case "Autoescape":
      load(node.value);
      return node.body.forEach(load);
    case "Block":
      return node.body.forEach(load);
    case "Extends":
    case "Include":
    case "Import":
    case "FromImport":
      return load(node.template);
    case "ExpressionStatement":
      return load(node.expression);
    default:
      return node satisfies never;
  }
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

function visitArguments(call: CallArguments, load: (child: Child | undefined) => void): void {
  call.args.forEach(load);
  for (const { value } of call.kwargs) load(value);
  load(call.starArgs);
  load(call.starKwargs);
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

/** Which of `names` are used in `nodes` before they are assigned there. Blocks are not looked into. */
export function findUndeclared(nodes: readonly Child[], names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names);
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
