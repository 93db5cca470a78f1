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
}

/** Looks at every node once, so that not each loop has to look at all that is in it. */
export function surveyTemplate(body: readonly Statement[]): Survey {
  const blocks: Block[] = [];
  let [extendsAnything, assignsLoop] = [false, false];
  const look = (child: Child, role: Role): void => {
    if (child.kind === "Block") blocks.push(child);
    else if (child.kind === "Extends") extendsAnything = true;
    else if (child.kind === "Name") assignsLoop ||= role === "store" && child.name === "loop";
    forEachChild(child, look);
  };
  for (const statement of body) look(statement, "load");
  return { blocks, hasScopedBlock: blocks.some(({ isScoped }) => isScoped), extendsAnything, assignsLoop };
}
