import type { OptionSpec } from "./option-spec.ts";

/** Stands for a secret wherever values are shown. */
export const REDACTED = "[redacted]";

const PASSWORD_OF_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi;

/** The text of an option as it may be shown: without a secret, and without the passwords of URLs. */
export function shownText(spec: OptionSpec | undefined, text: string): string {
  if (spec?.secret === true && text !== "") return REDACTED;
  return text.replace(PASSWORD_OF_URL, `$1${REDACTED}@`);
}
