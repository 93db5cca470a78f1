import type { CompiledTemplate } from "../compile/compiled-template.ts";
import type { TemplateLocation } from "../errors.ts";
import type { MethodTables } from "../methods/method-tables.ts";
import type { UndefinedKind } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import type { VariableScope } from "./context.ts";
import type { FilterFunction } from "./functions.ts";

/** What a rendering needs from its environment. */
export interface RuntimeServices {
  readonly undefinedKind: UndefinedKind;
  readonly filters: ReadonlyMap<string, FilterFunction>;
  readonly tests: ReadonlyMap<string, FilterFunction>;
  readonly methods: MethodTables;
  readonly newlineSequence: string;
  readonly finalize: ((value: Value) => Value) | undefined;
  /** Whether templates of this name escape their output. */
  autoescapes(name: string): boolean;
  /** The compiled template. @throws TemplateNotFoundError */
  load(name: string): CompiledTemplate;
  readonly globals: VariableScope;
  /** Tells about something that works, but should not be used. */
  warn(message: string, location: TemplateLocation): void;
  random(): number;
}
