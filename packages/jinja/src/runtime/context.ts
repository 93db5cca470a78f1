import type { CompiledBlock, CompiledTemplate } from "../compile/compiled-template.ts";
import type { Value } from "../values/value.ts";

/** Looks up variables by name. */
export interface VariableScope {
  /** The value, or `undefined`. */
  get(name: string): Value | undefined;
}

/** The state of one template while it renders; parents and blocks share that of the template that extends them. */
export class Context implements VariableScope {
  /** Name of the template that was asked for. */
  readonly name: string;
  /** What the template got from outside. */
  readonly outside: VariableScope;
  /** What the template assigned at its top level. */
  readonly assigned: Map<string, Value> = new Map();
  /** Names that `import` can see. */
  readonly exported: Set<string> = new Set();
  /** Versions of each block, from the child's to the last parent's. */
  readonly blocks: Map<string, CompiledBlock[]>;
  /** Whether output is escaped now. */
  autoescape: boolean;
  /** The template whose code runs now, for error messages. */
  template: CompiledTemplate;

  constructor(template: CompiledTemplate, outside: VariableScope, autoescape: boolean, parent?: Context) {
    this.name = template.name;
    this.template = template;
    this.outside = outside;
    this.autoescape = autoescape;
    const blocks = parent?.blocks ?? new Map(Array.from(template.blocks, ([name, block]) => [name, [block]]));
    this.blocks = new Map(Array.from(blocks, ([name, versions]) => [name, [...versions]]));
  }

  get(name: string): Value | undefined {
    const value = this.assigned.get(name);
    return value === undefined ? this.outside.get(name) : value;
  }

  /** Everything that is visible now, and `locals` in front of it; later assignments are not seen. */
  snapshot(locals: ReadonlyMap<string, Value>): VariableScope {
    const own = new Map([...this.assigned, ...locals]);
    return {
      get: (name) => {
        const value = own.get(name);
        return value === undefined ? this.outside.get(name) : value;
      },
    };
  }

  /** A context for a scoped block: sees `locals` too. */
  derive(locals: ReadonlyMap<string, Value>): Context {
    return new Context(this.template, this.snapshot(locals), this.autoescape, this);
  }
}
