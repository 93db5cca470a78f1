import { EVENT_ID, SCALAR_STYLE_PLAIN, type Event } from "js-yaml";
import { YamlProblem } from "./yaml-nodes.ts";

/** PyYAML takes a tab for an error wherever it is not inside quotes, a block text or a comment. */
export function refuseTabs(events: readonly Event[], source: string): void {
  if (!source.includes("\t")) return;
  let gapStart = 0;
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || event.style === SCALAR_STYLE_PLAIN || event.valueStart < gapStart)
      continue;
    refuseTabIn(source, gapStart, event.valueStart);
    gapStart = event.valueEnd;
  }
  refuseTabIn(source, gapStart, source.length);
}

function refuseTabIn(source: string, start: number, end: number): void {
  const text = source
    .slice(start, end)
    .replace(/(^|[ \t\r\n])#[^\r\n]*/g, (comment, before: string) => before.padEnd(comment.length));
  const tab = text.indexOf("\t");
  if (tab !== -1) throw new YamlProblem("a tab cannot stand here; use blanks", start + tab);
}
