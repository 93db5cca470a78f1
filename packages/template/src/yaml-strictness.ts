import {
  COLLECTION_STYLE_FLOW,
  EVENT_ID,
  SCALAR_STYLE_DOUBLE_QUOTED,
  SCALAR_STYLE_FOLDED_BLOCK,
  SCALAR_STYLE_LITERAL_BLOCK,
  SCALAR_STYLE_PLAIN,
  type Event,
} from "js-yaml";
import { YamlProblem } from "./yaml-nodes.ts";

type NodeEvent = Extract<Event, { anchorStart: number }>;

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** A backslash at the end of a line, and nothing on the next one: PyYAML has a line end there, the parser has not. */
const JOINED_BLANK_LINE = /(?:^|[^\\])(?:\\\\)*\\(?:\r\n?|\n)[ \t]*[\r\n]/;

interface OpenCollection {
  readonly isFlow: boolean;
  readonly isMapping: boolean;
  readonly start: number;
  members: number;
}

/**
 * Refuses what the parser takes and PyYAML does not, or takes for something else: other characters than letters,
 * digits, `-` and `_` in anchors, a colon without a key, texts in brackets with `?` or with `:` in front, keys in brackets
 * that go over several lines, block texts without indentation, and lines that are joined over an empty one.
 */
export function refuseLooseSyntax(events: readonly Event[], source: string): void {
  const open: OpenCollection[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) continue;
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    refuseAnchor(event, source);
    if (event.type === EVENT_ID.SCALAR) {
      refuseJoinedBlankLine(event, source);
      refuseBlockAtMargin(event, source);
    }
    const parent = open.at(-1);
    if (parent !== undefined) refuseMember(event, parent, source);
    if (event.type !== EVENT_ID.SEQUENCE && event.type !== EVENT_ID.MAPPING) continue;
    const isFlow = event.style === COLLECTION_STYLE_FLOW;
    open.push({ isFlow, isMapping: event.type === EVENT_ID.MAPPING, start: event.start, members: 0 });
  }
}

function refuseAnchor({ anchorEnd, anchorStart }: NodeEvent, source: string): void {
  if (anchorStart < 0 || /^[\w-]+$/.test(source.slice(anchorStart, anchorEnd))) return;
  throw new YamlProblem("an anchor may only have letters, digits, - and _", anchorStart);
}

function refuseJoinedBlankLine({ style, valueEnd, valueStart }: ScalarEvent, source: string): void {
  if (style !== SCALAR_STYLE_DOUBLE_QUOTED) return;
  if (!JOINED_BLANK_LINE.test(source.slice(valueStart, valueEnd))) return;
  throw new YamlProblem("an empty line after a backslash in quotes is not clear; write \\n", valueStart);
}

/** A document that is nothing but a block text: PyYAML wants it indented, the parser does not. */
function refuseBlockAtMargin({ indent, style, valueEnd, valueStart }: ScalarEvent, source: string): void {
  if (style !== SCALAR_STYLE_LITERAL_BLOCK && style !== SCALAR_STYLE_FOLDED_BLOCK) return;
  if (indent !== 0 || !/[^\r\n]/.test(source.slice(valueStart, valueEnd))) return;
  throw new YamlProblem("a block text must be indented", valueStart);
}

function refuseMember(event: NodeEvent, parent: OpenCollection, source: string): void {
  const isKey = parent.isMapping && parent.members++ % 2 === 0;
  if (isKey && parent.isFlow && event.type === EVENT_ID.SCALAR) refuseFoldedKey(event, source);
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE_PLAIN) return;
  const isEmpty = event.valueStart < 0 && event.anchorStart < 0 && event.tagStart < 0;
  // A question mark makes an empty key of a block mapping.
  if (isKey && isEmpty && (parent.isFlow || !source.includes("?", parent.start))) {
    throw new YamlProblem("there is no key before the colon", parent.start);
  }
  if (
    parent.isFlow &&
    event.valueStart >= 0 &&
    isBadInBrackets(source.slice(event.valueStart, event.valueEnd))
  ) {
    throw new YamlProblem(
      "a text in brackets that has ? or starts with : must be in quotes",
      event.valueStart,
    );
  }
}

function isBadInBrackets(text: string): boolean {
  return text.startsWith(":") || text.includes("?");
}

/** PyYAML looks for the colon of a key without `?` on the key's own line. */
function refuseFoldedKey({ valueEnd, valueStart }: ScalarEvent, source: string): void {
  const colon = /^["']?\s*:/.exec(source.slice(valueEnd, valueEnd + 1000))?.[0];
  if (colon === undefined || !/[\r\n]/.test(source.slice(valueStart, valueEnd) + colon)) return;
  if (/\?\s+["']?$/.test(source.slice(Math.max(0, valueStart - 1000), valueStart))) return;
  throw new YamlProblem("a key in brackets and its colon must stand on one line", valueStart);
}
