import { EVENT_ID, SCALAR_STYLE_DOUBLE_QUOTED, SCALAR_STYLE_SINGLE_QUOTED, type Event } from "js-yaml";
import { YamlProblem } from "./yaml-nodes.ts";

/** What YAML 1.1 does not allow anywhere, not even in comments. */
const FORBIDDEN = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** They end a line in YAML 1.1, but not for the parser. */
const UNICODE_LINE_END = /[\u2028\u2029]/;

/** In quotes such a line end stands for itself, as it does for the parser, unless blanks around it would vanish. */
const FOLDED_LINE_END = /[ \t\r\n\\][\u2028\u2029]|[\u2028\u2029](?:[ \t\r\n]|---|\.\.\.)/;

/**
 * The text with NEL as line feed, which is what PyYAML makes of it; all other characters keep their places.
 *
 * @throws YamlProblem for a character that PyYAML refuses
 */
export function checkCharacters(text: string): string {
  const position = text.search(FORBIDDEN);
  // A carriage return in front of NEL is a line end of its own.
  if (position === -1) return text.replaceAll("\r\u0085", "\n\n").replaceAll("\u0085", "\n");
  const code = text.codePointAt(position)?.toString(16).toUpperCase().padStart(4, "0");
  throw new YamlProblem(`the character U+${code} cannot stand in YAML; write \\u${code} in quotes`, position);
}

/** Refuses line and paragraph separators wherever PyYAML, for which they end lines, may read something else. */
export function refuseUnicodeLineEnds(events: readonly Event[], source: string): void {
  if (!UNICODE_LINE_END.test(source)) return;
  let gapStart = 0;
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || event.valueStart < gapStart || !isQuotedValue(event, source))
      continue;
    refuseIn(source.slice(gapStart, event.valueStart), UNICODE_LINE_END, gapStart);
    refuseIn(source.slice(event.valueStart, event.valueEnd), FOLDED_LINE_END, event.valueStart);
    gapStart = event.valueEnd;
  }
  refuseIn(source.slice(gapStart), UNICODE_LINE_END, gapStart);
}

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

function isQuotedValue({ style, valueEnd }: ScalarEvent, source: string): boolean {
  if (style !== SCALAR_STYLE_DOUBLE_QUOTED && style !== SCALAR_STYLE_SINGLE_QUOTED) return false;
  // A key must stand on one line.
  return !/^["'] *:/.test(source.slice(valueEnd, valueEnd + 100));
}

function refuseIn(text: string, pattern: RegExp, start: number): void {
  const found = text.search(pattern);
  if (found === -1) return;
  throw new YamlProblem(
    "U+2028 and U+2029 end a line in YAML; write \\L or \\P in double quotes",
    start + found,
  );
}
