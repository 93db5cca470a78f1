import { colourByLevel, colourDiff } from "./colour.ts";
import { formatMessage } from "./message/format-message.ts";
import { isFalse, textForm } from "./message/python-text.ts";
import type { LooseRecord } from "./record.ts";
import { visibleText } from "./visible-text.ts";

/** How an entry is shown. */
export interface EntryStyle {
  /** Wrap it in the colour of its level. */
  readonly colour: boolean;
  /** Show control characters in visible form: for terminals. */
  readonly visible: boolean;
  /** Colours by level number instead of the usual ones. */
  readonly colours?: Readonly<Record<number, string>>;
}

const NO_DIFF = "(config diff: this record does not hold its text)";

/**
 * A record as an entry of several lines: the prefix, the message and the exception text, or the diff of a
 * `config_diff` record without the prefix. No line feed at the end.
 */
export function entryText(record: LooseRecord, prefix: string, style: EntryStyle): string {
  const show = style.visible ? visibleText : (text: string): string => text;
  if (record["type"] === "config_diff") {
    const diff = show(diffText(record));
    return style.colour ? colourDiff(diff) : diff;
  }
  const text = show(withException(`${prefix}${formatMessage(record)}`, record["exc_text"]));
  return style.colour ? colourByLevel(text, Number(record["levelno"]), style.colours) : text;
}

function withException(text: string, exception: unknown): string {
  if (exception === undefined || isFalse(exception)) return text;
  return `${text}${text.endsWith("\n") ? "" : "\n"}${textForm(exception)}`;
}

function diffText(record: LooseRecord): string {
  const { output } = record;
  if (output === null || output === undefined) return NO_DIFF;
  return textForm(output).replace(/\n$/, "");
}
