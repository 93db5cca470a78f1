import type { Frame } from "./frame.ts";
import type { LoopControl } from "../syntax/nodes.ts";
import type { SyntaxErrorAt } from "../syntax/token-stream.ts";
import type { Survey } from "./survey.ts";
import { Symbols, Unit } from "./symbols.ts";
import type { MethodTables } from "../methods/method-tables.ts";
import type { FilterFunction } from "../runtime/functions.ts";

/** What all parts of one template share while it is compiled. */
export interface CompileState {
  readonly templateName: string;
  readonly filters: ReadonlyMap<string, FilterFunction>;
  readonly tests: ReadonlyMap<string, FilterFunction>;
  readonly methods: MethodTables;
  readonly finalize: boolean;
  readonly survey: Survey;
  /** The line that Jinja2 reports for what has no line of its own: that of the statement before. */
  line: number;
  /**
   * Whether output is escaped; `undefined` when only known at run time. Jinja2 decides this where the code
   * stands, so that a block inside of `{% autoescape %}` follows the environment.
   */
  autoescape: boolean | undefined;
  /** The first `break` or `continue` outside of a loop; Python's compiler finds it last. */
  strayControl: LoopControl | undefined;
  /** How many `extends` were seen. */
  extendsCount: number;
  /** Whether an `extends` that always runs was seen. */
  hasKnownExtends: boolean;
  /** An error at a place of the template. */
  fail(
    message: string,
    at: { readonly line: number; readonly offset: number },
    kind?: "TemplateSyntaxError" | "TemplateAssertionError",
  ): SyntaxErrorAt;
}

/** A scope while it is compiled. */
export class Scope {
  readonly state: CompileState;
  readonly symbols: Symbols;
  /** Whether this is the template itself or an `if` in it; assignments are exported. */
  readonly isTopLevel: boolean;
  /** Whether this is the template itself. */
  readonly isRootLevel: boolean;
  /** Whether this may not run, so that unknown filters are errors only when it does. */
  readonly isSoft: boolean;
  /** Whether output must not be written when the template extends another. */
  requiresOutputCheck: boolean;
  /** Whether `break` and `continue` are allowed. */
  readonly isInLoop: boolean;

  constructor(state: CompileState, symbols: Symbols, flags: Partial<ScopeFlags> = {}) {
    this.state = state;
    this.symbols = symbols;
    this.isTopLevel = flags.isTopLevel ?? false;
    this.isRootLevel = flags.isRootLevel ?? false;
    this.isSoft = flags.isSoft ?? false;
    this.requiresOutputCheck = flags.requiresOutputCheck ?? false;
    this.isInLoop = flags.isInLoop ?? false;
  }

  /** A scope inside of this one that runs in the same frame. */
  inner(): Scope {
    return this.part(this.symbols.unit);
  }

  /** A scope inside of this one that runs in a frame of `unit`. */
  part(unit: Unit): Scope {
    return new Scope(this.state, new Symbols(unit, this.symbols), {
      requiresOutputCheck: this.requiresOutputCheck,
      isInLoop: this.isInLoop && unit === this.symbols.unit,
    });
  }

  /** The body of a loop. */
  loop(unit: Unit): Scope {
    return new Scope(this.state, new Symbols(unit, this.symbols), {
      requiresOutputCheck: this.requiresOutputCheck,
      isInLoop: true,
    });
  }

  /** A scope inside of this one with a frame of its own. */
  innerUnit(): Scope {
    return new Scope(this.state, new Symbols(new Unit(this.symbols.unit), this.symbols));
  }

  /** A part of this scope that may not run. */
  soft(): Scope {
    return new Scope(this.state, this.symbols, {
      isTopLevel: this.isTopLevel,
      isSoft: true,
      requiresOutputCheck: this.requiresOutputCheck,
      isInLoop: this.isInLoop,
    });
  }
}

/** Tells at run time whether the code that is compiled now escapes its output. */
export function compileEscaping({ state: { autoescape } }: Scope): (frame: Frame) => boolean {
  return autoescape === undefined ? (frame) => frame.runtime.autoescape : () => autoescape;
}

interface ScopeFlags {
  readonly isTopLevel: boolean;
  readonly isRootLevel: boolean;
  readonly isSoft: boolean;
  readonly requiresOutputCheck: boolean;
  readonly isInLoop: boolean;
}
