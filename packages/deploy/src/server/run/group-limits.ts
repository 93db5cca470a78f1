import type { PreparedDeployment } from "../plan/prepare.ts";
import { hosts } from "./event-text.ts";

/** How many hosts of each group take part and may fail, in one line: `canary: 1 of 2 hosts, 0 may fail; …`. */
export function groupLimitsText({ plan, selection }: Pick<PreparedDeployment, "plan" | "selection">): string {
  const texts = selection.map(({ name, of }) => {
    const group = plan.groups.find((each) => each.name === name);
    const count = group?.hosts.length ?? 0;
    const some = `${name}: ${count === of ? "" : `${count} of `}${hosts(of)}`;
    return group === undefined ? some : `${some}, ${group.failureLimit} may fail`;
  });
  return texts.join("; ");
}
