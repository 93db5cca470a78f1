import type { CompiledBlock, CompiledTemplate } from "../compile/compiled-template.ts";
import type { Value } from "../values/value.ts";

/** Looks up variables by name. */
export interface VariableScope {
  /** The value, or `undefined`. */
  get(name: string): Value | undefined;
}

/**
 * The state of one template while it renders; parents and blocks share that of the template that extends them.
 * Most templates assign nothing and have no blocks, so that what holds those is made when it is needed.
 */
export class Context implements VariableScope {
  /** Name of the template that was asked for. */
  readonly name: string;
  /** What the template got from outside. */
  readonly outside: VariableScope;
  /** Whether output is escaped now. */
  autoescape: boolean;
  /** The template whose code runs now, for error messages. */
  template: CompiledTemplate;
  #assigned: Map<string, Value> | undefined;
  #exported: Set<string> | undefined;
  #blocks: Map<string, CompiledBlock[]> | undefined;

  constructor(template: CompiledTemplate, outside: VariableScope, autoescape: boolean) {
    this.name = template.name;
    this.template = template;
    this.outside = outside;
    this.autoescape = autoescape;
    for (const [name, block] of template.blocks) this.addBlock(name, block);
  }

  get(name: string): Value | undefined {
    const value = this.#assigned?.get(name);
    return value === undefined ? this.outside.get(name) : value;
  }

  /** Notes what the template assigned at its top level. */
  assign(name: string, value: Value): void {
    (this.#assigned ??= new Map()).set(name, value);
  }

  /** Lets `import` see a name. */
  export(name: string): void {
    (this.#exported ??= new Set()).add(name);
  }

  /** Keeps a name from `import`. */
  hide(name: string): void {
    this.#exported?.delete(name);
  }

  /** What `import` can see. */
  exportedValues(): Map<string, Value> {
    const values = [...(this.#assigned ?? [])];
    return new Map(values.filter(([name]) => this.#exported?.has(name) === true));
  }

  /** The versions of a block, from the child's to the last parent's. */
  blockVersions(name: string): readonly CompiledBlock[] {
    return this.#blocks?.get(name) ?? [];
  }

  /** Adds the version of a block that a parent has. */
  addBlock(name: string, block: CompiledBlock): void {
    this.#blocks ??= new Map();
    const versions = this.#blocks.get(name);
    if (versions === undefined) this.#blocks.set(name, [block]);
    else versions.push(block);
  }

  /** Everything that is visible now, and `locals` in front of it; later assignments are not seen. */
  snapshot(locals: ReadonlyMap<string, Value>): VariableScope {
    const own = new Map([...(this.#assigned ?? []), ...locals]);
    return {
      get: (name) => {
        const value = own.get(name);
        return value === undefined ? this.outside.get(name) : value;
      },
    };
  }

  /** A context for a scoped block: sees `locals` too. */
  derive(locals: ReadonlyMap<string, Value>): Context {
    const context = new Context(this.template, this.snapshot(locals), this.autoescape);
    context.#blocks = new Map(Array.from(this.#blocks ?? [], ([name, versions]) => [name, [...versions]]));
    return context;
  }
}
