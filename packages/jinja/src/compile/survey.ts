import type { Block, Statement } from "../syntax/nodes.ts";
import { forEachChild, type Child, type Role } from "./node-children.ts";

/** What the compiler asks about a template as a whole. */
export interface Survey {
  /** Every block, in order. */
  readonly blocks: readonly Block[];
  readonly hasScopedBlock: boolean;
  /** Whether there is an `extends` anywhere. */
  readonly extendsAnything: boolean;
  /** Whether the name `loop` is assigned to anywhere. */
  readonly assignsLoop: boolean;
  /** Whether a name may be used anywhere. */
  readonly mentions: (name: string) => boolean;
}

/**
 * Looks at every node once, so that not each loop has to look at all that is in it. Most templates have nothing of what
 * is looked for, which a search in their text finds much faster.
 */
export function surveyTemplate(body: readonly Statement[], source: string): Survey {
  const blocks: Block[] = [];
  let [extendsAnything, assignsLoop] = [false, false];
  const look = (child: Child, role: Role): void => {
    if (child.kind === "Block") blocks.push(child);
    else if (child.kind === "Extends") extendsAnything = true;
    else if (child.kind === "Name") assignsLoop ||= role === "store" && child.name === "loop";
    forEachChild(child, look);
  };
  const mentions = (name: string): boolean => source.includes(name);
  if (["block", "extends", "loop"].some(mentions)) for (const statement of body) look(statement, "load");
  const hasScopedBlock = blocks.some(({ isScoped }) => isScoped);
  return { blocks, hasScopedBlock, extendsAnything, assignsLoop, mentions };
}
