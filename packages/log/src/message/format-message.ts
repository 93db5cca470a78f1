import type { RecordArgs } from "../record.ts";
import { TemplateError } from "./parse-template.ts";
import { isArgumentList, percentFormat } from "./percent-format.ts";
import { reprForm, textForm } from "./python-text.ts";

/** The fields of a record that its message is made of. */
export interface MessageParts {
  /** Template; anything but a string is taken in its Python text form. */
  readonly msg?: unknown;
  /** Arguments; anything but a list or an object counts as none. */
  readonly args?: unknown;
}

/** A formatted message, and whether its template and arguments did not fit. */
export interface FormattedMessage {
  /** The message; with a problem the raw template followed by the arguments in repr form. */
  readonly text: string;
  /** Why formatting failed, or `undefined`. */
  readonly problem: string | undefined;
}

/** The message of a record as people read it. Never throws: what does not fit is shown raw. */
export function formatMessage(record: MessageParts): string {
  return formatMessageParts(record).text;
}

/** Like `formatMessage`, and says whether the template and its arguments fitted. */
export function formatMessageParts(record: MessageParts): FormattedMessage {
  const template = textForm(record.msg === undefined ? "" : record.msg);
  const args = usableArgs(record.args);
  if (args === undefined) return { text: template, problem: undefined };
  try {
    return { text: percentFormat(template, args), problem: undefined };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { text: `${template} ${reprForm(args)}`, problem: error.message };
  }
}

// Without arguments there is no processing at all, so that `100%` stays as it is.
function usableArgs(args: unknown): RecordArgs | undefined {
  if (typeof args !== "object" || args === null) return undefined;
  const usable = args as RecordArgs;
  const count = isArgumentList(usable) ? usable.length : Object.keys(usable).length;
  return count > 0 ? usable : undefined;
}
