import type { Child, Role } from "./node-children.ts";
import { forEachChild, visitParameters } from "./node-children.ts";
import type { CallBlock, For, If, MacroNode, Statement, Target, With } from "../syntax/nodes.ts";

/** A piece of a template with variables of its own at run time: the template, a block, a macro, a recursive loop. */
export class Unit {
  readonly parent: Unit | undefined;
  readonly #slots = new Map<string, Ref>();

  constructor(parent?: Unit) {
    this.parent = parent;
  }

  /** How many variables a frame of this unit has. */
  get slotCount(): number {
    return this.#slots.size;
  }

  /** The variable `name` of the scopes at `level`; scopes beside each other share it. */
  ref(level: number, name: string): Ref {
    const key = `${level} ${name}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const ref: Ref = { unit: this, slot: this.#slots.size };
    this.#slots.set(key, ref);
    return ref;
  }

  /** How many units up `outer` is. */
  hopsTo(outer: Unit): number {
    return this === outer ? 0 : 1 + (this.parent?.hopsTo(outer) ?? 0);
  }
}

/** A variable at run time. */
export interface Ref {
  readonly unit: Unit;
  readonly slot: number;
}

/** What a variable holds when its scope is entered. */
export type Load =
  | { readonly from: "parameter" | "nothing" }
  | { readonly from: "context"; readonly name: string }
  | { readonly from: "outer"; readonly ref: Ref };

/**
 * The names of one scope. The rules, which decide where an assignment is visible, are those of Jinja2's
 * `idtracking` module.
 */
export class Symbols {
  readonly unit: Unit;
  readonly parent: Symbols | undefined;
  readonly level: number;
  readonly refs: Map<string, Ref>;
  readonly loads: Map<Ref, Load>;
  readonly stores: Set<string>;

  constructor(unit: Unit, parent: Symbols | undefined, copyOf?: Symbols) {
    this.unit = unit;
    this.parent = parent;
    this.level = parent === undefined ? 0 : parent.level + 1;
    this.refs = new Map(copyOf?.refs);
    this.loads = new Map(copyOf?.loads);
    this.stores = new Set(copyOf?.stores);
  }

  /** The variable that `name` means here, if any scope knows it. */
  findRef(name: string): Ref | undefined {
    return this.refs.get(name) ?? this.parent?.findRef(name);
  }

  /** Notes an assignment. */
  store(name: string): void {
    this.stores.add(name);
    if (this.refs.has(name)) return;
    const outer = this.parent?.findRef(name);
    this.#define(name, outer === undefined ? { from: "nothing" } : { from: "outer", ref: outer });
  }

  /** Notes a name that gets its value from outside: a parameter, a loop variable. */
  declareParameter(name: string): Ref {
    this.stores.add(name);
    return this.#define(name, { from: "parameter" });
  }

  /** Notes a use. */
  load(name: string): void {
    if (this.findRef(name) === undefined) this.#define(name, { from: "context", name });
  }

  /** Joins the branches of an `if`: what only some of the `count` assign may also come from outside. */
  #joinBranches(branches: readonly Symbols[], count: number): void {
    const counts = new Map<string, number>();
    for (const branch of branches) {
      for (const name of branch.stores)
        if (!this.stores.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const branch of branches) {
      for (const [name, ref] of branch.refs) this.refs.set(name, ref);
      for (const [ref, load] of branch.loads) this.loads.set(ref, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const [name, stores] of counts) if (stores < count) this.#loadFromOutside(name);
  }

  /** The assigned names that are visible here, with their variables. */
  assignedRefs(): Map<string, Ref> {
    const result = new Map(this.parent?.assignedRefs());
    for (const name of this.stores) {
      const ref = this.refs.get(name);
      if (ref !== undefined) result.set(name, ref);
    }
    return result;
  }

  #loadFromOutside(name: string): void {
    const ref = this.findRef(name);
    if (ref === undefined) return;
    const outer = this.parent?.findRef(name);
    this.loads.set(ref, outer === undefined ? { from: "context", name } : { from: "outer", ref: outer });
  }

  #define(name: string, load: Load): Ref {
    const ref = this.unit.ref(this.level, name);
    this.refs.set(name, ref);
    this.loads.set(ref, load);
    return ref;
  }

  /** Notes the names in statements or expressions of this scope. */
  visitAll(nodes: readonly Child[], role: Role = "load"): void {
    for (const node of nodes) this.visit(node, role);
  }

  /** Notes the names in a node, but not those of scopes inside of it. */
  visit(node: Child, role: Role): void {
    switch (node.kind) {
      case "Name":
        return this.#visitName(node.name, role);
      case "NamespaceRef":
        return this.load(node.name);
      case "If":
        return this.#visitIf(node);
      case "Macro":
        return this.store(node.name);
      case "For":
        return this.visit(node.iterable, "load");
      case "CallBlock":
        return this.visit(node.call, "load");
      case "FilterBlock":
        return this.visit(node.filter, "load");
      case "With":
        return this.visitAll(node.values);
      case "AssignBlock":
        return this.visit(node.target, "store");
      case "Assign":
        this.visit(node.value, "load");
        return this.visit(node.target, "store");
      case "Autoescape":
      case "Block":
        return;
      default:
        this.#visitChildren(node, role);
        if (node.kind === "Import") this.store(node.target);
        if (node.kind === "FromImport") for (const { alias } of node.names) this.store(alias);
    }
  }

  #visitChildren(node: Child, role: Role): void {
    forEachChild(node, (child, childRole) => this.visit(child, role === "param" ? "param" : childRole));
  }

  #visitName(name: string, role: Role): void {
    if (role === "param") this.declareParameter(name);
    else if (role === "store") this.store(name);
    else this.load(name);
  }

  #visitIf(node: If): void {
    this.visit(node.test, "load");
    // Each `elif` is an `if` without an else part of its own.
    const alternatives = node.alternatives.map((alternative): If => ({
      kind: "If",
      alternatives: [],
      otherwise: [],
      ...alternative,
    }));
    const branches = [node.body, alternatives, node.otherwise];
    const used = branches.filter(({ length }) => length > 0);
    const symbols = used.map((statements) => this.#branch(statements));
    this.#joinBranches(symbols, branches.length);
  }

  /** The names of this scope as they are after statements that may not run. */
  #branch(statements: readonly Statement[]): Symbols {
    const symbols = new Symbols(this.unit, this.parent, this);
    symbols.visitAll(statements);
    return symbols;
  }

  /** Notes the parameters and the body of a macro or call block. */
  enterMacro(node: MacroNode | CallBlock): void {
    visitParameters(node.parameters, node, (child, role) => this.visit(child, role));
    this.visitAll(node.body);
  }

  /** Notes the target and one part of a loop. */
  enterFor(node: For, part: "body" | "else" | "test"): void {
    if (part !== "else") this.visit(node.target, "param");
    if (part === "test" && node.test !== undefined) this.visit(node.test, "load");
    if (part !== "test") this.visitAll(part === "body" ? node.body : node.otherwise);
  }

  /** Notes the targets and the body of a `with`. */
  enterWith(node: With): void {
    this.visitTargets(node.targets);
    this.visitAll(node.body);
  }

  /** Notes names that are given a value from outside. */
  visitTargets(targets: readonly Target[]): void {
    for (const target of targets) this.visit(target, "param");
  }

  /** Notes the body of a scope without names of its own. */
  enterBody(body: readonly Statement[]): void {
    this.visitAll(body);
  }
}
