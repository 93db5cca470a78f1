import type { Frame } from "./frame.ts";

/** A compiled `block`. */
export interface CompiledBlock {
  readonly name: string;
  readonly slotCount: number;
  /** The template that the block stands in. */
  readonly template: () => CompiledTemplate;
  /** Prints the block in a fresh frame. */
  readonly run: (frame: Frame) => void;
}

/** A template as the compiler leaves it. Holds no state of any rendering. */
export interface CompiledTemplate {
  readonly name: string;
  /** The source with normalized line ends, for excerpts. */
  readonly source: string;
  readonly blocks: ReadonlyMap<string, CompiledBlock>;
  readonly slotCount: number;
  /** Prints the template in a fresh frame, and then the one that it extends. */
  readonly run: (frame: Frame) => void;
}
